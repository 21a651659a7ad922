"""Notes of which hours changed, for whoever keeps counts by hour (docs/decisions/rollups.md)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from cameras.models import ChangedHour, Image, Visit

BATCH = 500
HOUR = timedelta(hours=1)


def hour_of(at: datetime) -> datetime:
    """The beginning of the hour, by UTC, of an aware time."""
    return at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def note(camera_id: int, *times: datetime) -> None:
    """Note that something changed of a camera at these times. Call it in the transaction of the change."""
    note_pairs((camera_id, at) for at in times)


def note_pairs(pairs: Iterable[tuple[int, datetime]]) -> None:
    """The same for pairs of a camera's number and a time."""
    hours = {(camera_id, hour_of(at)) for camera_id, at in pairs}
    ChangedHour.objects.bulk_create(
        (ChangedHour(camera_id=camera_id, at=at) for camera_id, at in sorted(hours)), batch_size=BATCH
    )


def note_images(images: Iterable[Image]) -> None:
    """The same for everything that is counted of images."""
    note_pairs((image.camera_id, image.received_at) for image in images)


def note_visits(visits: Iterable[Visit]) -> None:
    """The same for visits and the vehicles in them."""
    note_pairs((visit.camera_id, at) for visit in visits for at in hours_between(visit.started_at, visit.ended_at))


def hours_between(first: datetime, last: datetime) -> Iterable[datetime]:
    """Every hour that two times and what lies between them are in."""
    hour = hour_of(first)
    while hour <= last:
        yield hour
        hour += HOUR
