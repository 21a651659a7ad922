"""What today brought beside what yesterday did, for the first page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Exists, OuterRef, Q, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import Person
from cameras.models import Event, Image, RunStatus
from detections.models import Detection
from plates.models import PlateReading, RecognitionRun, SightingStatus
from web.days import day_range
from web.drawing import KINDS

MOST_WAITING = 1000


@dataclass(frozen=True, slots=True)
class Figure:
    """How often something happened; for events `name` is the kind."""

    name: str
    today: int
    yesterday: int


def pictures(user: Person) -> list[Figure]:
    """Pictures, those with a vehicle and those with a person, counted in one pass over two days."""
    since_yesterday, today = since("received_at")
    conditions = {"pictures": Q(), "vehicles": shows("vehicle"), "persons": shows("person")}
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


def waiting(user: Person) -> int:
    """Pictures that no stage has come to the end of, counted up to one more than `MOST_WAITING`."""
    due = RecognitionRun.objects.visible_to(user).filter(status=RunStatus.QUEUED)
    return due.order_by()[: MOST_WAITING + 1].count()


def since(field: str) -> tuple[Q, Q]:
    """Conditions on a time: since yesterday began, which an index serves, and since today began."""
    today = timezone.localdate()
    begins = (day_range(day)[0] for day in (today - timedelta(days=1), today))
    yesterday_on, today_on = (Q((f"{field}__gte", moment)) for moment in begins)
    return yesterday_on, today_on


def shows(kind: str) -> Q:
    """Images on which a thing of that kind was found; labels of one thing are of one kind, so it needs no grouping."""
    labels = [label for label, its_kind in KINDS.items() if its_kind == kind]
    return Q(Exists(Detection.objects.filter(image=OuterRef("pk"), label__in=labels)))
