"""What has to go because of its age: by camera, and sooner where nothing was found."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet

import environment
from cameras.models import Camera, Event, Image, RunStatus, Visit
from environment import Environment


@dataclass(frozen=True, slots=True)
class Rule:
    """Pictures that have to go, and why."""

    why: str
    images: QuerySet[Image]
    order: tuple[str, ...] = ("received_at", "pk")
    """The oldest first, in the order of an index, so that a batch is found without sorting all that is due."""

    def oldest(self, most: int) -> list[int]:
        """The numbers of so many of them."""
        return list(self.images.order_by(*self.order).values_list("pk", flat=True)[:most])


Ages = tuple[int, int]
"""Days that pictures are kept, and those in which nothing was found; 0 for ever."""


def ages_of(camera: Camera, env: Environment) -> Ages:
    """The ages that hold for a camera: its own, else the site's."""
    full = env.retention_days if camera.retention_days is None else camera.retention_days
    site_empty = full if env.retention_empty_days is None else env.retention_empty_days
    empty = site_empty if camera.retention_empty_days is None else camera.retention_empty_days
    return full, min(filter(None, (full, empty)), default=0)


def cameras_by_ages() -> dict[Ages, list[int]]:
    """The numbers of the cameras by the ages that hold for them."""
    env = environment.current()
    found: dict[Ages, list[int]] = defaultdict(list)
    for camera in Camera.objects.order_by("pk"):
        found[ages_of(camera, env)].append(camera.pk)
    return found


def rules(now: datetime) -> Iterator[Rule]:
    """A rule for each age that pictures have to go at; kept ones are never among them."""
    by_ages = cameras_by_ages()
    for (full, empty), cameras in sorted(by_ages.items()):
        # One age for all is the usual case: then the order of time is an index.
        images = Image.objects.filter(keep=False, **({} if len(by_ages) == 1 else {"camera__in": cameras}))
        if full:
            yield Rule(f"older than {full} days", images.filter(received_at__lt=now - timedelta(days=full)))
        if empty and empty != full:
            nothing = images.filter(detection_run__status=RunStatus.EMPTY, plate_readings=None)
            old = nothing.filter(received_at__lt=now - timedelta(days=empty))
            if full:  # what is older has gone by the other rule
                old = old.filter(received_at__gte=now - timedelta(days=full))
            yield Rule(f"nothing found, older than {empty} days", old, ("detection_run__image_id",))


def events_due(now: datetime) -> list[QuerySet[Event]]:
    """Events that have to go, and readings of sensors, each by an age of their own."""
    env = environment.current()
    events = env.retention_days if env.retention_event_days is None else env.retention_event_days
    readings = events if env.retention_reading_days is None else env.retention_reading_days
    both = ((events, True), (readings, False))
    return [Event.objects.filter(number__isnull=text, at__lt=now - timedelta(days=days)) for days, text in both if days]


def visits_due(now: datetime) -> list[QuerySet[Visit]]:
    """Visits that go as soon as they have no picture left: those that are older than the pictures of their camera get.

    Younger ones keep their times, also where all of their pictures went because nothing was found.
    """
    by_days: dict[int, list[int]] = defaultdict(list)
    for (full, _), cameras in cameras_by_ages().items():
        by_days[full] += cameras
    return [
        empty_visits(now - timedelta(days=days)).filter(**({} if len(by_days) == 1 else {"camera__in": cameras}))
        for days, cameras in sorted(by_days.items())
        if days
    ]


def empty_visits(before: datetime) -> QuerySet[Visit]:
    """Visits that ended before then and have no picture left."""
    return Visit.objects.filter(~Exists(Image.objects.filter(visit=OuterRef("pk"))), ended_at__lt=before)
