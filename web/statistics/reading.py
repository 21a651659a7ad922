"""What the pages read of the counts: a few sums each, over rows of days wherever hours are not asked for."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Min, Q, QuerySet, Sum
from django.utils import timezone

from accounts.models import Person
from cameras.models import Camera
from rollups.columns import BUCKETS, HOURS, STATES
from rollups.models import (
    ThingsDay,
    ThingsHour,
    ThingsSite,
    TrafficDay,
    TrafficHour,
    TrafficSite,
    VisitsDay,
    VisitsSite,
    WorkDay,
    WorkHour,
    WorkSite,
)
from web.latest import sees_all
from web.statistics.period import Period

RATE_DAYS = 28
"""What cameras send a day is told from so many days: whole weeks."""
TRAFFIC = ("images", "bytes", "visits", *STATES)
WORK = ("done", "failed", "skipped", "waiting", "work_ms", *BUCKETS)


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks for what."""

    user: Person
    cameras: Sequence[Camera]
    """All that the person may see."""
    period: Period
    camera: Camera | None

    def rows(self, daily: Any, hourly: Any = None, site: Any = None) -> QuerySet[Any, Any]:
        """The rows of the period that the person may see.

        Of days; of hours where these are given and the period is short; else of the whole site's days where these are
        given and nothing is left out.
        """
        if hourly and self.period.by_hour:
            return self.seen(hourly).filter(at__gte=self.period.span.first, at__lt=self.period.span.last)
        all_of_it = site and not self.camera and sees_all(self.user)
        rows: QuerySet[Any, Any] = site.objects.order_by() if all_of_it else self.seen(daily)
        return rows.filter(at__gte=self.period.first, at__lte=self.period.last)

    def seen(self, model: Any) -> QuerySet[Any, Any]:
        """All rows that the person may see, of the camera that was chosen. In no order."""
        rows: QuerySet[Any, Any] = model.objects.order_by()
        if self.camera:
            return rows.filter(camera=self.camera)
        # By their numbers: joined with their viewers, MariaDB would read all days of a camera to find a few.
        return rows if sees_all(self.user) else rows.filter(camera__in=[one.pk for one in self.cameras])


@dataclass(slots=True)
class Table:
    """Figures by step and name."""

    slots: int
    figures: dict[str, list[float]] = field(default_factory=dict)

    def add(self, name: str, slot: int, number: float) -> None:
        """Add to a figure."""
        self.figures.setdefault(name, [0.0] * self.slots)[slot] += number

    def total(self, name: str) -> float:
        """A figure over all steps."""
        return sum(self.figures.get(name, ()))

    def of(self, name: str) -> list[float]:
        """A figure step by step; zeros where there is none."""
        return self.figures.get(name) or [0.0] * self.slots


def sums(rows: QuerySet[Any, Any], columns: Sequence[str], *groups: str) -> Iterable[dict[str, Any]]:
    """Columns summed by groups; `n_` stands before their names."""
    summed: QuerySet[Any, Any] = rows.values(*groups).annotate(**{f"n_{name}": Sum(name) for name in columns})
    return summed


def by_step(asked: Asked, rows: QuerySet[Any, Any], columns: Sequence[str], *key: str) -> dict[str, Table]:
    """The rows as tables of the period's steps, one for each value of a key (empty where there is none)."""
    numbers = asked.period.slots
    found: dict[str, Table] = defaultdict(lambda: Table(len(numbers)))
    for row in sums(rows.annotate(slot=asked.period.slot), columns, "slot", *key):
        table, slot = found[row[key[0]] if key else ""], numbers[row["slot"]]
        for name in columns:
            if number := row[f"n_{name}"]:
                table.add(name, slot, number)
    return found


def traffic(asked: Asked) -> Table:
    """Pictures, bytes, visits, and vehicles by what is known of them."""
    return by_step(asked, asked.rows(TrafficDay, TrafficHour, TrafficSite), TRAFFIC)[""]


def things(asked: Asked) -> Table:
    """Things by label; the most frequent label first."""
    tables = by_step(asked, asked.rows(ThingsDay, ThingsHour, ThingsSite), ["things"], "label")
    found = Table(len(asked.period.slots), {label: one.of("things") for label, one in tables.items()})
    found.figures = dict(sorted(found.figures.items(), key=lambda one: (-sum(one[1]), one[0])))
    return found


def work(asked: Asked) -> dict[str, Table]:
    """What each stage did, by the stage's name."""
    return by_step(asked, asked.rows(WorkDay, WorkHour, WorkSite), WORK, "stage")


def heat(asked: Asked) -> tuple[Counter[tuple[int, int]], Counter[int]]:
    """Visits by weekday (0: Monday) and hour of the site's clock, and how many days of each weekday there are."""
    last = min(asked.period.last, timezone.localdate())
    looked = Period(min(asked.period.first, last), last)
    of_days = Asked(asked.user, asked.cameras, looked, asked.camera).rows(VisitsDay, site=VisitsSite)
    visits: Counter[tuple[int, int]] = Counter()
    for row in sums(of_days, HOURS, "at__iso_week_day"):
        for hour, column in enumerate(HOURS):
            if number := row[f"n_{column}"]:
                visits[row["at__iso_week_day"] - 1, hour] += number
    return visits, Counter((looked.first + timedelta(days=number)).weekday() for number in range(looked.days))


@dataclass(frozen=True, slots=True)
class CameraFigures:
    """What one camera sent in the period."""

    camera: Camera
    images: int
    visits: int
    vehicles: int


def busiest(asked: Asked) -> list[CameraFigures]:
    """The cameras that sent anything, the busiest first."""
    names = {camera.pk: camera for camera in asked.cameras}
    rows = sums(asked.rows(TrafficDay), TRAFFIC, "camera")
    found = [
        CameraFigures(names[row["camera"]], row["n_images"], row["n_visits"], sum(row[f"n_{one}"] for one in STATES))
        for row in rows
        if row["camera"] in names
    ]
    return sorted(found, key=lambda one: (-one.images, -one.visits, str(one.camera)))


@dataclass(frozen=True, slots=True)
class Stored:
    """What there is of one camera, and the bytes that it sent in the days of `RATE_DAYS`."""

    camera: Camera
    images: int
    bytes: int
    lately: int
    since: date


def stored(asked: Asked) -> list[Stored]:
    """What there is of each camera now, most first."""
    names = {camera.pk: camera for camera in asked.cameras}
    today = timezone.localdate()
    lately = Q(at__gte=today - timedelta(days=RATE_DAYS), at__lt=today)
    rows = asked.seen(TrafficDay).filter(images__gt=0).values("camera")
    counted = rows.annotate(
        n=Sum("images"), size=Sum("bytes"), late=Sum("bytes", filter=lately, default=0), since=Min("at")
    )
    found = [
        Stored(names[row["camera"]], row["n"], row["size"], row["late"], row["since"])
        for row in counted
        if row["camera"] in names
    ]
    return sorted(found, key=lambda one: (-one.bytes, str(one.camera)))
