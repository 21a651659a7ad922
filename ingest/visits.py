"""Closing visits, merging anew what changed in them, and having images join theirs that are in none."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import DatabaseError, InterfaceError, OperationalError, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from cameras import visits
from cameras.models import Image, RunStatus, Visit
from ingest import telling
from plates.models import RecognitionRun
from plates.sightings import is_due, merge_sightings

log = logging.getLogger(__name__)

SLICE_SECONDS = 20.0
BATCH = 200
ON_THE_WAY = timedelta(seconds=2)
"""A picture may be so long on its way into the index without being late."""


def settle(seconds: float = SLICE_SECONDS) -> bool:
    """Close visits that are quiet and merge those that changed, for so long; whether more is left. Safe to kill."""
    deadline = time.monotonic() + seconds
    while True:
        quiet, changed = due(timezone.now()), [visit.pk for visit in stale()[:BATCH] if is_due(visit)]
        work = [*((close, visit) for visit in quiet), *((merge_sightings, visit) for visit in changed)]
        for done, (step, visit) in enumerate(work, 1):
            attempt(step, visit)
            if time.monotonic() > deadline:
                return done < len(work) or BATCH in (len(quiet), len(changed))
        if BATCH not in (len(quiet), len(changed)):
            return False


def attempt(step: Callable[[int], bool], visit_id: int) -> None:
    """Take a step with a visit; where that fails it is logged, so that the others have their turn."""
    try:
        step(visit_id)
    except (OperationalError, InterfaceError):  # the database itself is gone
        raise
    except (DatabaseError, ArithmeticError, LookupError, TypeError, ValueError):
        log.exception("visit %d cannot be merged", visit_id)


def stale() -> QuerySet[Visit]:
    """The visits of which something changed since they were merged, the oldest first."""
    return Visit.objects.filter(stale=True).order_by("ended_at", "pk")


def due(now: datetime) -> list[int]:
    """Some open visits of which no image is expected any more and whose images all were looked at, oldest first."""
    waiting = RecognitionRun.objects.filter(image__visit=OuterRef("pk"), status=RunStatus.QUEUED)
    rows = Visit.objects.filter(~Exists(waiting), closed_at=None, ended_at__lt=now - ON_THE_WAY)
    found = rows.select_related("camera").order_by("ended_at", "pk")[:BATCH]
    return [visit.pk for visit in found if is_quiet(visit, now)]


def is_quiet(visit: Visit, now: datetime) -> bool:
    """Whether an image that is received now would begin another visit."""
    return now - visit.ended_at > visits.gap_of(visit.camera) + ON_THE_WAY


def close(visit_id: int) -> bool:
    """Merge what was seen in a visit for good and close it, unless an image came meanwhile; whether it was closed."""
    with transaction.atomic():
        visit = Visit.objects.select_for_update().filter(pk=visit_id, closed_at=None).first()
        now = timezone.now()
        if visit is None or not is_quiet(visit, now):
            return False
        if RecognitionRun.objects.filter(image__visit=visit, status=RunStatus.QUEUED).exists():
            return False
        merge_sightings(visit_id, closing=True)
        visit.closed_at = now
        visit.save(update_fields=["closed_at"])
        telling.is_over(visit)
    return True


def left_out() -> QuerySet[Image]:
    """Images that are in no visit: those stored before there were any, and what lost its visit."""
    return Image.objects.filter(visit=None)


def join_left_out(seconds: float = SLICE_SECONDS) -> bool:
    """Have such images join visits, for so long; whether more is left. Safe to kill and run again."""
    deadline = time.monotonic() + seconds
    while visits.join_left_out(BATCH):
        if time.monotonic() > deadline:
            return True
    return False
