"""Keeping the counts in step with the index: what changed, soon; everything, now and then."""

from __future__ import annotations

import logging
import time
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from cameras.changes import HOUR
from cameras.models import ChangedHour, Image, Visit
from plates.models import Sighting
from rollups.models import Ledger, ThingsHour, TrafficHour, WorkHour
from rollups.spans import LATER_THAN_ALL, Span, day_of, hours_of
from rollups.writing import DAILY, write_day, write_hours

log = logging.getLogger(__name__)

SLICE_SECONDS = 20.0
BATCH = 500
"""Notes that are worked off in one transaction."""
INDEX: tuple[tuple[type[Model], str], ...] = ((Image, "received_at"), (Visit, "started_at"), (Sighting, "at"))
COUNTS: tuple[tuple[type[Model], str], ...] = ((TrafficHour, "at"), (ThingsHour, "at"), (WorkHour, "at"))


def count(seconds: float = SLICE_SECONDS) -> bool:
    """Count the hours that changed, then go on with counting everything; whether more is left. Safe to kill."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if not count_changed() and not count_day():
            return False
    return True


def count_changed() -> int:
    """Count some of the hours of which a change was noted; how many notes that were."""
    with transaction.atomic():
        locked_ledger()
        # What is noted after this look is counted too soon rather than too late: its note stays for the next.
        notes = list(ChangedHour.objects.order_by("pk")[:BATCH])
        cameras: dict[datetime, set[int]] = {}
        for note in notes:
            cameras.setdefault(note.at, set()).add(note.camera_id)
        for hour, numbers in cameras.items():
            write_hours(Span(hour, hour + HOUR, frozenset(numbers)))
        for day in {day_of(hour) for hour in cameras}:
            numbers = set().union(*(those for hour, those in cameras.items() if day_of(hour) == day))
            write_day(day, frozenset(numbers))
        ChangedHour.objects.filter(pk__in=[note.pk for note in notes]).delete()
    return len(notes)


def locked_ledger() -> Ledger:
    """The ledger, locked until the transaction ends: who counts waits for who is counting.

    A new one, and one that knows days of another time zone, begin with counting everything.
    """
    row, _ = Ledger.objects.select_for_update().get_or_create(pk=1)
    if row.zone != settings.TIME_ZONE:
        for model in DAILY:
            model._default_manager.all().delete()
        row.zone, row.counted_from, row.since, row.finished_at = settings.TIME_ZONE, LATER_THAN_ALL, None, None
        row.save()
    return row


def begin_anew(since: datetime | None = None, *, restart: bool = False) -> datetime | None:
    """Have everything counted anew, or what is since a time.

    Returns where an earlier count of the same goes on, if there is one and it is not to `restart`.
    """
    with transaction.atomic():
        row = locked_ledger()
        if row.counted_from and row.since == since and not restart:
            return row.counted_from if row.counted_from != LATER_THAN_ALL else None
        row.counted_from, row.since = LATER_THAN_ALL, since
        row.save()
    return None


def count_day() -> bool:
    """Count the next day of those that are counted anew, the newest first; whether there was one."""
    with transaction.atomic():
        row = locked_ledger()
        if row.counted_from is None:
            return False
        newest = newest_before(row.counted_from)
        if newest is None or (row.since and newest < row.since):
            row.counted_from, row.since, row.finished_at = None, None, timezone.now()
            row.save()
            return False
        day = day_of(newest)
        span = hours_of(day)
        noted = ChangedHour.objects.filter(at__gte=span.first, at__lt=span.last).exists()
        different = write_hours(span) + write_day(day)
        if different and row.finished_at and not noted:
            log.warning("%d counts of %s were wrong and were set right: a change was not noted", different, day)
        row.counted_from = span.first
        row.save()
    return True


def newest_before(limit: datetime) -> datetime | None:
    """The last time before another of anything that is counted or was."""
    found = (
        model._default_manager.filter(**{f"{at}__lt": limit}).order_by(f"-{at}").values_list(at, flat=True).first()
        for model, at in (*INDEX, *COUNTS)
    )
    return max((at for at in found if at), default=None)


def oldest() -> datetime | None:
    """The first time of anything that is counted."""
    found = (model._default_manager.order_by(at).values_list(at, flat=True).first() for model, at in INDEX)
    return min((at for at in found if at), default=None)
