"""The latest that cameras, plates and sensors had to tell, however many rows lie beneath."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.utils import timezone

from accounts.models import Person, User
from cameras.models import Camera, Event, Image, Node
from plates.models import PlateList, PlateReading, SightingStatus
from web.days import day_range

LATELY = timedelta(days=7)
READINGS_LOOKED_AT = 200
SHOWN_OF_READINGS = (
    *("text", "confidence", "at", "plate__text", "plate__list", "plate__owner", "sighting__status", "sighting__text"),
    *("image__visit", "image__width", "image__height", "image__camera__view", "image__camera__node__name"),
)
"""Of each reading that is looked at, what chooses it or is shown of it: all of six rows took most of the time."""
EVENTS_LOOKED_AT = 2000
USUAL_KINDS = ("motion", "light", "Temp", "humidity", "Restart")
"""What imagenode sends; other kinds are known once they were sent."""
USUAL_SENSORS = ("Temp", "humidity")
MOST_SENSORS = 20


def sees_all(user: Person) -> bool:
    """Whether this person is not limited to chosen cameras."""
    return isinstance(user, User) and user.sees_everything


def with_latest_image(cameras: QuerySet[Camera]) -> QuerySet[Camera]:
    """Cameras with `latest_id`, `latest_at` and `latest_width` of their newest picture (0 where it cannot be read)."""
    newest = Image.objects.filter(camera=OuterRef("pk")).order_by("-received_at", "-pk")
    facts = {"latest_id": "pk", "latest_at": "received_at", "latest_width": "width", "latest_height": "height"}
    return cameras.annotate(**{name: Subquery(newest.values(fact)[:1]) for name, fact in facts.items()})


def tell_pictures_today(cameras: Sequence[Camera]) -> None:
    """Give each camera `pictures_today`. One query: asked camera by camera, MariaDB reads the whole day for each."""
    since, _ = day_range(timezone.localdate())
    today = Image.objects.filter(camera__in=cameras, received_at__gte=since).order_by().values_list("camera")
    counted = dict(today.annotate(count=Count("pk")))
    for camera in cameras:
        setattr(camera, "pictures_today", counted.get(camera.pk, 0))  # noqa: B010  no field, so that templates alone know it


def latest_plates(user: Person, most: int) -> list[PlateReading]:
    """Of every plate of the latest seven days, newest first, the best reading of its latest visit; no ignored ones."""
    since = timezone.now() - LATELY
    # A reading's time is its image's: said of both, an index serves it from whichever side a database begins.
    recent = PlateReading.objects.visible_to(user).filter(at__gte=since, image__received_at__gte=since)
    with_all = recent.select_related("plate", "sighting", "image__camera__node").only(*SHOWN_OF_READINGS)
    best: dict[str, PlateReading] = {}
    for reading in with_all.order_by("-at", "-pk")[:READINGS_LOOKED_AT]:
        text = reading.plate.text if reading.plate else reading.text
        latest = best.setdefault(text, reading)
        if reading.image.visit_id == latest.image.visit_id:
            best[text] = max(latest, reading, key=lambda one: (one.text == text, one.confidence))
    wanted = (one for one in best.values() if is_worth_showing(one))
    return list(wanted)[:most]


def is_worth_showing(reading: PlateReading) -> bool:
    """Whether a reading is of a plate that people want to see: not ignored, not doubtful, and a plate at all."""
    if reading.sighting and reading.sighting.status == SightingStatus.UNKNOWN:
        return False
    return bool(reading.text) and (reading.plate is None or reading.plate.list != PlateList.IGNORE)


def latest_events(cameras: QuerySet[Camera]) -> dict[int, Event]:
    """The newest event of every camera, by the camera's number."""
    newest = Event.objects.filter(camera=OuterRef("pk")).order_by("-at", "-pk").values("pk")[:1]
    numbers = cameras.order_by().values_list("pk", Subquery(newest))
    wanted = [number for _, number in numbers if number]
    return {event.camera_id: event for event in Event.objects.filter(pk__in=wanted) if event.camera_id}


def latest_readings(nodes: QuerySet[Node], user: Person) -> dict[int, list[Event]]:
    """The newest reading of every sensor, by the node's number: for people who are not limited."""
    if not sees_all(user):
        return {}
    # Only what the index of cameras holds: for one more column, MariaDB would sort all events.
    recent = Event.objects.filter(camera=None).order_by("-at", "-pk").values_list("kind", flat=True)[:EVENTS_LOOKED_AT]
    columns = [newest_reading(kind) for kind in sorted({*USUAL_SENSORS, *recent})[:MOST_SENSORS]]
    numbers = nodes.order_by().values_list(*columns)
    wanted = [number for row in numbers for number in row if number]
    found: dict[int, list[Event]] = {}
    readings = Event.objects.filter(pk__in=wanted, number__isnull=False)
    for event in sorted(readings, key=lambda one: one.kind.lower()):
        found.setdefault(event.node_id, []).append(event)
    return found


def newest_reading(kind: str, **within: datetime) -> Subquery:
    """The number of a node's newest event of that kind, among those `within` says."""
    events = Event.objects.filter(node=OuterRef("pk"), kind=kind, **within).order_by("-at", "-pk")
    return Subquery(events.values("pk")[:1])


def known_kinds(user: Person) -> list[str]:
    """Kinds of events that are usual, or that were sent lately."""
    recent = Event.objects.visible_to(user).order_by("-at", "-pk").values_list("kind", flat=True)
    return sorted({*USUAL_KINDS, *recent[:EVENTS_LOOKED_AT]}, key=str.lower)
