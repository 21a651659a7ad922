"""The tasks of indexing, sweeping and purging."""

from __future__ import annotations

import logging

from celery import shared_task

import logs
from cameras.records import EventRecord, ImageRecord
from ingest import alarms, folder, liveness, retention, services, sweep, visits
from ingest.reconcile import slices as reconciling

log = logging.getLogger(__name__)


@shared_task(name="ingest.register_image")
def register_image(record: ImageRecord) -> None:
    """Index a stored picture and start its stages."""
    image = services.register(record)
    if image:
        logs.bind(image=image.pk)
        log.info("indexed %s", image.path)


@shared_task(name="ingest.record_event")
def record_event(record: EventRecord) -> None:
    """Index what a node reported."""
    services.record_event(record)
    log.info("event %r", record["text"])


@shared_task(name="ingest.republish_lost")
def republish_lost() -> None:
    """Bring back what was published and never arrived."""
    sweep.republish_lost()


@shared_task(name="ingest.restart_stale")
def restart_stale() -> None:
    """Bring back images that a stage should long have looked at."""
    sweep.restart_stale()


@shared_task(name="ingest.hand_over_due")
def hand_over_due() -> None:
    """Hand over images that waited for their visit to end, or for a service."""
    sweep.hand_over_due()


@shared_task(name="ingest.sweep_files")
def sweep_files(newest: int = 0, from_day: str = "", after: str = "") -> None:
    """Register files that the index misses in the newest so many days (0: all), a slice at a time."""
    rest = folder.sweep_folder(newest, from_day, after)
    if rest:
        sweep_files.apply_async((newest, *rest), expires=3600)


@shared_task(name="ingest.reconcile")
def reconcile() -> None:
    """Compare all files with the index, a slice at a time."""
    if reconciling.reconcile_slice():
        reconcile.apply_async(expires=3600)


@shared_task(name="ingest.sweep_index")
def sweep_index() -> None:
    """Look through the whole index for images that were never planned."""
    sweep.plan_unplanned()
    join_visits.delay()


@shared_task(name="ingest.join_visits")
def join_visits() -> None:
    """Have images that are in no visit join theirs, a slice at a time."""
    if visits.join_left_out():
        join_visits.delay()


@shared_task(name="ingest.settle_visits")
def settle_visits() -> None:
    """Close visits that are quiet, and merge anew what was seen in those that changed."""
    if visits.settle():
        settle_visits.apply_async(expires=60)


@shared_task(name="ingest.purge")
def purge() -> None:
    """Remove what is too old, and what the disk has no room for, a slice at a time."""
    if retention.purge_slice():
        purge.delay()


@shared_task(name="ingest.check_liveness")
def check_liveness() -> None:
    """Take over from the receiver who was heard when, and mark nodes that fell silent."""
    liveness.update()


@shared_task(name="ingest.check_pressure")
def check_pressure() -> None:
    """Tell people when pictures wait for long, or the disk fills, and when that is over."""
    alarms.update()
