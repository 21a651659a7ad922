"""The latest that cameras, plates and sensors had to tell, however many rows lie beneath."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import Person, User
from cameras.models import Camera, Event, Image, Node
from plates.models import PlateList, PlateReading, SightingStatus
from web.days import day_range

LATELY = timedelta(days=7)
READINGS_LOOKED_AT = 200
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


def with_pictures_today(cameras: QuerySet[Camera]) -> QuerySet[Camera]:
    """Cameras with `pictures_today`."""
    since, _ = day_range(timezone.localdate())
    images = Image.objects.filter(camera=OuterRef("pk"), received_at__gte=since).order_by().values("camera")
    counted = Subquery(images.annotate(count=Count("pk")).values("count"), output_field=IntegerField())
    return cameras.annotate(pictures_today=Coalesce(counted, 0))


def latest_plates(user: Person, most: int) -> list[PlateReading]:
    """The best reading of every plate among the latest of seven days, newest plate first, without ignored ones."""
    since = timezone.now() - LATELY
    # A reading's time is its image's: said of both, an index serves it from whichever side a database begins.
    recent = PlateReading.objects.visible_to(user).filter(at__gte=since, image__received_at__gte=since)
    with_all = recent.select_related("plate", "sighting", "image__camera__node")
    best: dict[str, PlateReading] = {}
    for reading in with_all.order_by("-at", "-pk")[:READINGS_LOOKED_AT]:
        text = reading.plate.text if reading.plate else reading.text
        best[text] = max(best.get(text, reading), reading, key=lambda one: (one.text == text, one.confidence))
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
    recent = Event.objects.order_by("-at", "-pk").values_list("kind", "camera_id", "number")[:EVENTS_LOOKED_AT]
    kinds = {kind for kind, camera, number in recent if not camera and number is not None}
    columns = [newest_reading(kind) for kind in sorted({*USUAL_SENSORS, *kinds})[:MOST_SENSORS]]
    numbers = nodes.order_by().values_list(*columns)
    wanted = [number for row in numbers for number in row if number]
    found: dict[int, list[Event]] = {}
    for event in sorted(Event.objects.filter(pk__in=wanted), key=lambda one: one.kind.lower()):
        found.setdefault(event.node_id, []).append(event)
    return found


def newest_reading(kind: str) -> Subquery:
    """The number of a node's newest event of that kind."""
    events = Event.objects.filter(node=OuterRef("pk"), kind=kind).order_by("-at", "-pk")
    return Subquery(events.values("pk")[:1])


def known_kinds(user: Person) -> list[str]:
    """Kinds of events that are usual, or that were sent lately."""
    recent = Event.objects.visible_to(user).order_by("-at", "-pk").values_list("kind", flat=True)
    return sorted({*USUAL_KINDS, *recent[:EVENTS_LOOKED_AT]}, key=str.lower)
