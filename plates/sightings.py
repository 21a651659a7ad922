"""The vehicles of a visit, kept in step with what was found and read on its pictures."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

import environment
from cameras.changes import note
from cameras.models import Visit
from plates.drafts import Draft, Scene, drafts, scene
from plates.matching import likeness
from plates.models import Plate, PlateReading, Sighting, SightingStatus
from plates.pictures import best_images
from plates.removing import remove_bare_plates
from plates.waiting import look_again

__all__ = ["best_images", "merge_sightings", "merge_soon"]

log = logging.getLogger(__name__)

LIVELY = timedelta(seconds=1)
"""A visit is merged at most once in this time,"""
PART = 10
"""and at most once in this part of the time that it has lasted: a long one has thousands of pictures to go through."""
TRIES = 3
"""Two visits may meet over a plate that one makes or removes; done over, the other finds what is left."""


def merge_soon(image_id: int) -> bool:
    """Merge what was seen in an image's visit if that changed and was not done a moment ago; whether it was done."""
    visit = Visit.objects.filter(images=image_id, stale=True).first()
    return visit is not None and is_due(visit) and merge_sightings(visit.pk)


def is_due(visit: Visit) -> bool:
    """Whether it is long enough ago that a visit was merged; what is not due is left to the schedule."""
    if visit.merged_at is None:
        return True
    since = timezone.now() - visit.merged_at
    return not timedelta(0) <= since < max(LIVELY, (visit.ended_at - visit.started_at) / PART)


def merge_sightings(visit_id: int, *, closing: bool = False) -> bool:
    """Make the sightings of a visit what its pictures show; again with the same result. Whether the visit is there.

    `closing`: no picture is expected any more, so that texts that are sure enough and like no plate become plates.
    """
    for tried in range(1, TRIES + 1):
        try:
            with transaction.atomic():
                visit = Visit.objects.select_for_update().filter(pk=visit_id).first()
                if visit is None:
                    return False
                renew(visit, closing=closing or visit.closed_at is not None)
            return True
        except IntegrityError:
            if tried == TRIES:
                raise
    return False


def renew(visit: Visit, *, closing: bool) -> None:
    """Merge what was seen in a locked visit."""
    shown = scene(visit)
    before = {one.plate_id for one in shown.readings}
    rows = list(visit.sightings.order_by("at", "pk"))
    before |= {row.plate_id for row in rows}
    found = drafts(shown, environment.current().plate_min_confidence)
    kept = {row.pk for row in [store(visit, one, row, closing) for one, row in paired(found, rows)]}
    gone = [row for row in rows if row.pk not in kept]
    Sighting.objects.filter(pk__in=[row.pk for row in gone]).delete()
    note(visit.camera_id, *(row.at for row in gone))
    release(shown, found)
    remove_bare_plates({number for number in before if number})
    visit.stale, visit.merged_at = False, timezone.now()
    visit.save(update_fields=["stale", "merged_at"])


def paired(found: Sequence[Draft], rows: Sequence[Sighting]) -> Iterable[tuple[Draft, Sighting | None]]:
    """Each vehicle with the row that it had: that of most of its readings, else one that no other vehicle has."""
    left = {row.pk: row for row in rows}
    chosen: dict[int, Sighting | None] = {}
    for number, one in enumerate(found):
        votes = Counter(each.sighting_id for each in one.readings if each.sighting_id in left)
        chosen[number] = left.pop(votes.most_common(1)[0][0] or 0) if votes else None
    for number, one in enumerate(found):
        spare = next((row for row in left.values() if bool(row.text) == bool(one.text)), None)
        if chosen[number] is None and spare:
            chosen[number] = left.pop(spare.pk)
        yield one, chosen[number]


def store(visit: Visit, one: Draft, row: Sighting | None, closing: bool) -> Sighting:
    """Write a vehicle into its row and have its readings point to it, where anything is different."""
    plate, status = decided(one, row, closing)
    facts = {
        "plate_id": plate.pk if plate else None,
        "status": status,
        "text": one.text[:16],
        "confidence": round(one.confidence, 4),
        "candidates": [{"text": text, "confidence": round(share, 4)} for text, share in one.candidates],
        "matches": [likeness(plate, 0.0)] if plate and status == SightingStatus.NEW else one.match.matches,
        "label": one.label,
        "best_image_id": one.best_image_id,
        "at": one.at,
    }
    made = row or Sighting(visit=visit)
    if row is None or any(getattr(row, name) != value for name, value in facts.items()):
        note(visit.camera_id, one.at, *([row.at] if row else []))
        for name, value in facts.items():
            setattr(made, name, value)
        made.save()
    changed = [each.pk for each in one.readings if (each.sighting_id, each.plate_id) != (made.pk, made.plate_id)]
    if changed:
        PlateReading.objects.filter(pk__in=changed).update(sighting=made, plate=plate)
    return made


def decided(one: Draft, row: Sighting | None, closing: bool) -> tuple[Plate | None, SightingStatus]:
    """The plate of a vehicle and what is known of it; a text like no plate becomes one when the visit closes."""
    plate, status = one.match.plate, one.match.status
    if status == SightingStatus.NEW and closing:
        made, created = Plate.objects.get_or_create(text=one.text)
        if created:
            look_again(made.text)
        return made, SightingStatus.NEW if created else SightingStatus.MATCHED
    if plate and row and row.status == SightingStatus.NEW and row.plate_id == plate.pk:
        return plate, SightingStatus.NEW  # it is this vehicle that the plate was made for
    return plate, status


def release(shown: Scene, found: Sequence[Draft]) -> None:
    """Have the readings that are of no vehicle point to none."""
    used = {each.pk for one in found for each in one.readings}
    loose = [each.pk for each in shown.readings if each.pk not in used and (each.sighting_id or each.plate_id)]
    if loose:
        PlateReading.objects.filter(pk__in=loose).update(sighting=None, plate=None)
