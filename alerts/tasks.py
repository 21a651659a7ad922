"""The tasks of alerts. Who starts them names them: `ingest/telling.py`, the schedule, `alerts/outbox.py`."""

from __future__ import annotations

import logging

from celery import shared_task

import logs
from alerts import considering, sending, upkeep

log = logging.getLogger(__name__)


@shared_task(name="alerts.consider_image")
def consider_image(image_id: int, read: bool) -> None:
    """Ask the rules about a picture; `read`: its number plates were read too."""
    logs.bind(image=image_id)
    met = considering.consider_image(image_id, read)
    log.info("rules met: %d", met)


@shared_task(name="alerts.consider_visit")
def consider_visit(visit_id: int) -> None:
    """Ask the rules about a visit that is over."""
    considering.consider_visit(visit_id)


@shared_task(name="alerts.consider_event")
def consider_event(event_id: int) -> None:
    """Ask the rules about what a node reported."""
    considering.consider_event(event_id)


@shared_task(name="alerts.check_due")
def check_due() -> None:
    """Look at the rules whose time has come."""
    considering.check_due()


@shared_task(name="alerts.send_by")
def send_by(channel_id: int) -> None:
    """Send what waits for a channel."""
    sending.send_by(channel_id)


@shared_task(name="alerts.purge")
def purge() -> None:
    """Remove what is too old, a slice at a time."""
    if upkeep.purge():
        purge.apply_async(expires=3600)
