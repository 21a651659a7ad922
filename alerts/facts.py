"""What rules look at: the thing that just happened, and, read once and only if a rule asks, what happened around it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple, TypeVar

from cameras.models import Camera, Event, Image, Node, Visit
from detections.models import Detection
from plates.models import Sighting

T = TypeVar("T")

SEEN, READ, OVER, EVENT, TIME = "seen", "read", "over", "event", "time"
"""What rules listen for: objects were looked for in a picture; its plates were read; a visit is over; a node reported
something; a time has passed."""
MOST_IMAGES = 50
"""So many of a camera's latest pictures are looked at for what was seen a moment before."""


class Thing(NamedTuple):
    """A thing in a picture; x and y are where it stands, as shares of the picture's width and height."""

    image: int
    label: str
    score: float
    x: float
    y: float


@dataclass(slots=True)
class Facts:
    """What happened, and the reads around it that rules have asked for so far."""

    what: str
    at: datetime
    """When it happened, which for pictures is when they were received."""
    image: Image | None = None
    visit: Visit | None = None
    event: Event | None = None
    camera_id: int | None = None
    node_id: int | None = None
    _known: dict[Any, Any] = field(default_factory=dict)

    def once(self, key: Any, read: Callable[[], T]) -> T:
        """What was read before under that key, else what is read now."""
        if key not in self._known:
            self._known[key] = read()
        found: T = self._known[key]
        return found

    def things(self) -> list[Thing]:
        """The things in the picture that this is about."""
        image = self.image
        return self.once("things", lambda: things_of([image]) if image else [])

    def around(self, since: datetime) -> datetime:
        """As long after as a time is before: what happened together may have been indexed in any order."""
        return self.at + (self.at - since)

    def recent_images(self, camera_id: int, since: datetime) -> list[Image]:
        """The latest pictures of a camera from a time on, newest first."""
        rows = Image.objects.filter(camera=camera_id, received_at__gte=since, received_at__lte=self.around(since))
        wanted = rows.order_by("-received_at", "-id")[:MOST_IMAGES]
        return self.once(("images", camera_id, since), lambda: list(wanted))

    def recent_things(self, camera_id: int, since: datetime) -> list[Thing]:
        """The things in those pictures."""
        return self.once(("things", camera_id, since), lambda: things_of(self.recent_images(camera_id, since)))

    def sightings(self, visit_id: int) -> list[Sighting]:
        """The vehicles of a visit."""
        rows = Sighting.objects.filter(visit=visit_id).select_related("plate")
        return self.once(("sightings", visit_id), lambda: list(rows))

    def recent_visits(self, camera_id: int, since: datetime) -> list[Visit]:
        """The visits of a camera that go on or ended from a time on, the latest first."""
        rows = Visit.objects.filter(camera=camera_id, started_at__lte=self.around(since), ended_at__gte=since)
        return self.once(("visits", camera_id, since), lambda: list(rows.order_by("-started_at")[:MOST_IMAGES]))

    def last_image(self, camera_id: int, labels: tuple[str, ...], back: timedelta) -> Image | None:
        """The latest picture of a camera up to now, with one of these things where any are named."""
        rows = Image.objects.filter(camera=camera_id, received_at__lte=self.at, received_at__gte=self.at - back)
        if labels:
            seen = Detection.objects.things().filter(label__in=labels, image__camera=camera_id)
            seen = seen.filter(image__received_at__lte=self.at, image__received_at__gte=self.at - back)
            newest = seen.order_by("-image__received_at").values_list("image", flat=True)[:1]
            rows = rows.filter(pk__in=list(newest))
        return self.once(("last", camera_id, labels, back), lambda: rows.order_by("-received_at", "-id").first())

    def events(self, since: datetime, until: datetime, **where: Any) -> list[Event]:
        """Events between two times, newest first."""
        rows = Event.objects.filter(at__gte=since, at__lte=until, **where).order_by("-at", "-id")
        key = ("events", since, until, *sorted((name, str(value)) for name, value in where.items()))
        return self.once(key, lambda: list(rows[:MOST_IMAGES]))

    def areas(self, camera_id: int) -> dict[str, Any]:
        """The regions of interest of a camera: name to two corners in percent."""
        rows = Camera.objects.filter(pk=camera_id).values_list("rois", flat=True)
        return self.once(("areas", camera_id), lambda: rows.first() or {})

    def camera_numbers(self) -> list[int]:
        """All cameras in use."""
        rows = Camera.objects.filter(retired_at=None).order_by("pk").values_list("pk", flat=True)
        return self.once("cameras", lambda: list(rows))

    def node_numbers(self) -> list[int]:
        """All nodes."""
        return self.once("nodes", lambda: list(Node.objects.order_by("pk").values_list("pk", flat=True)))


def things_of(images: Iterable[Image]) -> list[Thing]:
    """The things in some pictures, those of the newest picture first and the surest of a picture first."""
    sizes = {image.pk: (image.width or 1, image.height or 1) for image in images}
    order = {number: place for place, number in enumerate(sizes)}
    rows = Detection.objects.things().filter(image__in=list(sizes))
    found = [
        Thing(image, label, score, (x1 + x2) / 2 / sizes[image][0], y2 / sizes[image][1])
        for image, label, score, x1, x2, y2 in rows.values_list("image", "label", "confidence", "x1", "x2", "y2")
    ]
    return sorted(found, key=lambda one: (order[one.image], -one.score))


def of_image(image: Image, what: str) -> Facts:
    """Facts about a picture, with its camera."""
    camera = image.camera
    return Facts(what, image.received_at, image, image.visit, None, camera.pk, camera.node_id)


def of_visit(visit: Visit) -> Facts:
    """Facts about a visit that is over; it happened when its last picture was received."""
    camera = visit.camera
    return Facts(OVER, visit.ended_at, None, visit, None, camera.pk, camera.node_id)


def of_event(event: Event) -> Facts:
    """Facts about what a node reported."""
    return Facts(EVENT, event.at, None, None, event, event.camera_id, event.node_id)
