"""Removing what is older than RETENTION_DAYS: tombstones and rows in one transaction, then the files.

What is killed in between leaves files with a tombstone, which the sweep of the folder removes.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from pathlib import Path

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

import environment
from cameras.changes import note_images, note_visits
from cameras.models import Event, Image, Tombstone, Visit
from cameras.visits import locked_camera
from plates.models import PlateReading, Sighting
from plates.removing import remove_bare_plates, remove_readings

log = logging.getLogger(__name__)

BATCH = 200
BATCHES_A_SLICE = 20
TOMBSTONE_DAYS = 30
"""Long after the outbox has forgotten the message (two days)."""


def purge_slice() -> bool:
    """Remove some of what is too old; whether more is left. Kept pictures stay. Safe to kill and run again."""
    days = environment.current().retention_days
    forget_tombstones()
    if not days:
        return False
    for _ in range(BATCHES_A_SLICE):
        images, events, visits = purge_images(days), purge_events(days), purge_visits(days)
        if not images and not events and not visits:
            return False
        log.info("purged %d images, %d events and %d visits older than %d days", images, events, visits, days)
    return True


def purge_images(days: int) -> int:
    """Remove one batch of images older than so many days, and plates that were known by them alone; how many images."""
    cutoff = timezone.now() - timedelta(days=days)
    with transaction.atomic():
        old = Image.objects.select_for_update().filter(keep=False, received_at__lt=cutoff)
        batch = list(old.order_by("received_at", "pk")[:BATCH])
        stones = [Tombstone(message_id=image.message_id, path=image.path) for image in batch]
        Tombstone.objects.bulk_create(stones, ignore_conflicts=True)
        remove_readings(PlateReading.objects.filter(image__in=batch))
        note_images(batch)
        Image.objects.filter(pk__in=[image.pk for image in batch]).delete()
    for image in batch:
        remove_file(image.file)
        remove_file(image.thumbnail)
    return len(batch)


def purge_events(days: int) -> int:
    """Remove one batch of events older than so many days; how many."""
    cutoff = timezone.now() - timedelta(days=days)
    with transaction.atomic():
        batch = list(Event.objects.filter(at__lt=cutoff).order_by("at").values_list("pk", "message_id")[:BATCH])
        Tombstone.objects.bulk_create([Tombstone(message_id=message) for _, message in batch], ignore_conflicts=True)
        Event.objects.filter(pk__in=[pk for pk, _ in batch]).delete()
    return len(batch)


def purge_visits(days: int) -> int:
    """Remove one batch of visits older than so many days of which no image is left, with their sightings; how many.

    Visits keep their times and sightings while any of their images is left.
    """
    cutoff = timezone.now() - timedelta(days=days)
    images = Image.objects.filter(visit=OuterRef("pk"))
    empty = Visit.objects.filter(~Exists(images), ended_at__lt=cutoff).order_by("started_at", "pk")
    batch = list(empty.values_list("pk", "camera")[:BATCH])
    for camera in sorted({camera for _, camera in batch}):
        with transaction.atomic():
            locked_camera(camera)  # or an image that comes late joins one of them at this very moment
            gone = empty.filter(pk__in=[visit for visit, of in batch if of == camera])
            plates = set(Sighting.objects.filter(visit__in=gone).exclude(plate=None).values_list("plate", flat=True))
            rows = list(gone)
            note_visits(rows)
            Visit.objects.filter(pk__in=[row.pk for row in rows]).delete()
            remove_bare_plates({number for number in plates if number})
    return len(batch)


def forget_tombstones() -> None:
    """Remove old tombstones whose file is gone; one whose file could not be removed still keeps it away."""
    old = Tombstone.objects.filter(purged_at__lt=timezone.now() - timedelta(days=TOMBSTONE_DAYS))
    root = environment.current().data_dir
    gone = [stone.pk for stone in old[: BATCH * BATCHES_A_SLICE] if not stone.path or not (root / stone.path).exists()]
    Tombstone.objects.filter(pk__in=gone).delete()


def remove_file(file: Path) -> None:
    """Remove a file of ours. What cannot be removed, or would be reached through a link, is reported and left."""
    env = environment.current()
    roots = [folder.resolve() for folder in (env.images_dir, env.thumbnails_dir)]
    try:
        if file.is_symlink() or not any(file.parent.resolve().is_relative_to(root) for root in roots):
            log.error("%s leads out of the folder of images and is not removed", file)
            return
        file.unlink(missing_ok=True)
    except OSError as problem:
        log.error("%s cannot be removed: %s", file, problem)
