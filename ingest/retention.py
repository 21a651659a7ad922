"""What is too old goes, and what the disk has no room for: a batch at a time, so that nothing waits long for a lock.

`retention_rules` says what is due, `removing` removes it. More than RETENTION_SHARE of all pictures is not removed at
once: a wrong clock, or a setting that says something else than was meant, must not empty a library.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from cameras.changes import note_visits
from cameras.models import Event, Image, Tombstone, Visit
from cameras.visits import locked_camera
from ingest import refusals
from ingest.pressure import missing_bytes, tiers
from ingest.removed import note, removed_for_room
from ingest.removing import finish_removals, forget_tombstones, remove_files, remove_rows
from ingest.retention_rules import Rule, events_due, rules, visits_due
from plates.models import Sighting
from plates.removing import remove_bare_plates

BATCH = 200
SLICE_SECONDS = 5.0
"""Other tasks of the same worker wait as long as this."""
PAUSE = 0.25
"""Of the time that a batch took."""
T = TypeVar("T")
Removed = tuple[int, int]
"""Pictures, and their bytes."""


def purge_slice(*, asked: bool = False) -> bool:
    """Remove some of what has to go; whether more is left. Safe to kill and run again.

    `asked`: a person wants it, and has seen how much it is.
    """
    finish_removals()
    forget_tombstones()
    now, deadline = timezone.now(), time.monotonic() + SLICE_SECONDS
    aged = False
    if asked or not refused(now):
        refusals.settle(refusals.AGE)
        aged = purge_by_age(now, deadline)
    return make_room(asked, deadline) or aged


def refused(now: datetime) -> bool:
    """Whether so much is too old that nothing of it may go unasked; then people are told."""
    due: dict[str, Sequence[QuerySet[Any]]] = {
        "pictures": [rule.images for rule in rules(now)],
        "events and readings": events_due(now),
    }
    for what, rows in due.items():
        if count := refusals.too_many(rows):
            refusals.refuse(refusals.AGE, f"{count:,} {what} are too old, more than may go at once")
            return True
    return False


def purge_by_age(now: datetime, deadline: float) -> bool:
    """Remove what is too old until the time is up, one kind after the other; whether more is left."""
    steps: list[Callable[[], int]] = [partial(purge_rule, rule) for rule in rules(now)]
    steps += [partial(purge_events, events) for events in events_due(now)]
    steps += [partial(purge_visits, visits) for visits in visits_due(now)]
    return not all(again_and_again(step, deadline) for step in steps)


def again_and_again(remove: Callable[[], int], deadline: float) -> bool:
    """Remove batch after batch, one at least, until nothing is left or the time is up; whether nothing is."""
    while rested(remove):
        if time.monotonic() > deadline:
            return False
    return True


def rested(remove: Callable[[], T]) -> T:
    """What removing a batch gives, after a while in which pages have the database and the processor to themselves."""
    begun = time.monotonic()
    removed = remove()
    time.sleep((time.monotonic() - begun) * PAUSE)
    return removed


def make_room(asked: bool, deadline: float) -> bool:
    """Remove the oldest pictures while the disk has less room than it should; whether more has to go.

    Pictures of watched plates go after all others, and kept ones last.
    """
    wanted = missing_bytes()
    removed, allowed = removed_for_room(), refusals.SMALL
    for why, images, kept in tiers():
        while wanted > 0 and time.monotonic() < deadline:
            if not asked and removed >= allowed and removed >= (allowed := refusals.most_at_once(Image)):
                what = "The disk needs more room than pictures may go for in a day"
                refusals.refuse(refusals.ROOM, what, "no more go today")
                return False
            oldest = images.order_by("received_at", "pk").values_list("pk", flat=True)
            count, size = rested(partial(purge_images, list(oldest[:BATCH]), why, kept_too=kept))
            if not count:
                break
            wanted, removed = wanted - size, removed + count
    if wanted <= 0:
        refusals.settle(refusals.ROOM)
    return wanted > 0 and time.monotonic() >= deadline


def purge_rule(rule: Rule) -> int:
    """Remove one batch of the pictures of a rule; how many."""
    return purge_images(rule.oldest(BATCH), rule.why)[0]


def purge_images(numbers: list[int], why: str, *, kept_too: bool = False) -> Removed:
    """Remove these pictures, and plates that were known by them alone, in a transaction of their own.

    One that somebody has just marked to be kept stays, unless kept ones go too.
    """
    if not numbers:
        return 0, 0
    with transaction.atomic():
        rows = Image.objects.select_for_update().filter(pk__in=numbers)
        batch = list(rows.order_by("pk") if kept_too else rows.filter(keep=False).order_by("pk"))
        removed = len(batch), sum(image.bytes for image in batch)
        removal = remove_rows(batch)
        note(why, *removed)
    remove_files(removal)
    return removed


def purge_events(due: QuerySet[Event]) -> int:
    """Remove one batch of events; how many."""
    with transaction.atomic():
        batch = list(due.order_by("at").values_list("pk", "message_id")[:BATCH])
        Tombstone.objects.bulk_create([Tombstone(message_id=message) for _, message in batch], ignore_conflicts=True)
        Event.objects.filter(pk__in=[pk for pk, _ in batch]).delete()
        note("events", events=len(batch))
    return len(batch)


def purge_visits(due: QuerySet[Visit]) -> int:
    """Remove one batch of visits that have no image left, with their sightings; how many."""
    empty = due.order_by("started_at", "pk")
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
            note("visits", visits=len(rows))
    return len(batch)
