"""What today brought beside what yesterday did, for the first page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import Count, Q, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import Person
from cameras.models import Event, Image, RunStatus
from plates.models import PlateReading, RecognitionRun, SightingStatus
from web.days import day_range
from web.pictures_today import by_hour, shows

MOST_WAITING = 1000


@dataclass(frozen=True, slots=True)
class Figure:
    """How often something happened; for events `name` is the kind."""

    name: str
    today: int
    yesterday: int


def pictures(user: Person) -> list[Figure]:
    """Pictures, those with a vehicle and those with a person; one query."""
    yesterday, today = days()
    if any(one.astimezone(UTC).minute for one in (yesterday, today)):  # the counts are of whole hours of UTC
        return counted(user)
    days_of = {True: [0, 0, 0], False: [0, 0, 0]}
    for at, *figures in by_hour(user, yesterday):
        for column, figure in enumerate(figures):
            days_of[at >= today][column] += figure
    names = ("pictures", "vehicles", "persons")
    return [Figure(*one) for one in zip(names, days_of[True], days_of[False], strict=True)]


def counted(user: Person) -> list[Figure]:
    """The same, counted in one pass over two days."""
    since_yesterday, today = since("received_at")
    conditions = {"pictures": Q(), "vehicles": shows("with_vehicle"), "persons": shows("with_person")}
    counts = {f"{name}_today": Count("pk", filter=today & one) for name, one in conditions.items()}
    counts |= {f"{name}_yesterday": Count("pk", filter=~today & one) for name, one in conditions.items()}
    found = Image.objects.visible_to(user).filter(since_yesterday).order_by().aggregate(**counts)
    return [Figure(name, found[f"{name}_today"], found[f"{name}_yesterday"]) for name in conditions]


def plates(user: Person) -> Figure:
    """Distinct plates that were read; what is misread counts as the plate that it was found to be."""
    since_yesterday, today = since("at")
    # A reading's time is its image's: said of both, an index serves it from whichever side a database begins.
    rows = PlateReading.objects.visible_to(user).filter(since_yesterday, since("image__received_at")[0])
    known = rows.exclude(sighting__status=SightingStatus.UNKNOWN).exclude(text="")
    text, counts = Coalesce("plate__text", "text"), {"today": today, "yesterday": ~today}
    found = known.order_by().aggregate(**{name: Count(text, filter=one, distinct=True) for name, one in counts.items()})
    return Figure("plates", found["today"], found["yesterday"])


def events(user: Person) -> list[Figure]:
    """Events of every kind, the most frequent first."""
    since_yesterday, today = since("at")
    rows = Event.objects.visible_to(user).filter(since_yesterday).order_by()
    # Grouped by the bare column, SQLite would walk the index of kinds over all events to be spared two days' sorting.
    grouped = rows.values(name=Coalesce("kind", Value("")))
    counted = grouped.annotate(today=Count("pk", filter=today), yesterday=Count("pk", filter=~today))
    found = [Figure(row["name"], row["today"], row["yesterday"]) for row in counted]
    return sorted(found, key=lambda one: (-one.today, -one.yesterday, one.name))


def waiting(user: Person) -> tuple[int, int]:
    """Pictures that no stage has come to the end of, up to one more than `MOST_WAITING`, and how many were put off."""
    due = RecognitionRun.objects.visible_to(user).filter(status=RunStatus.QUEUED).order_by()
    times = list(due.values_list("put_off_at", "image__detection_run__put_off_at")[: MOST_WAITING + 1])
    return len(times), sum(any(one) for one in times)


def since(field: str) -> tuple[Q, Q]:
    """Conditions on a time: since yesterday began, which an index serves, and since today began."""
    yesterday_on, today_on = (Q((f"{field}__gte", moment)) for moment in days())
    return yesterday_on, today_on


def days() -> tuple[datetime, datetime]:
    """When yesterday and today began."""
    today = timezone.localdate()
    return day_range(today - timedelta(days=1))[0], day_range(today)[0]
