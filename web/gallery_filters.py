"""What the gallery may be narrowed to: a camera and a day, both in the address, so that a view can be shared."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from cameras.models import Camera, Image
from web.asked import asked_row, camera_choices
from web.choices import Choice
from web.days import asked_day, day_range


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address asks for, and what else could be."""

    path: str
    cameras: list[Choice]
    camera: int | None
    day: date | None

    @property
    def chosen(self) -> bool:
        """Whether anything is narrowed."""
        return self.camera is not None or self.day is not None

    @property
    def clear_url(self) -> str:
        """The gallery with everything; nothing where that is what is shown."""
        return self.path if self.chosen else ""

    @property
    def day_text(self) -> str:
        """The day as a field of a form writes it."""
        return self.day.isoformat() if self.day else ""

    @property
    def today(self) -> str:
        """The last day that can have pictures."""
        return timezone.localdate().isoformat()

    def of_camera(self, images: QuerySet[Image]) -> QuerySet[Image]:
        """Pictures of the camera that was chosen, of all days."""
        return images if self.camera is None else images.filter(camera_id=self.camera)

    def apply(self, images: QuerySet[Image]) -> QuerySet[Image]:
        """Only the pictures that were asked for."""
        images = self.of_camera(images)
        if self.day is None:
            return images
        begins, ends = day_range(self.day)
        return images.filter(received_at__gte=begins, received_at__lt=ends)


@dataclass(frozen=True, slots=True)
class Nearest:
    """A day that has pictures, where the one that was chosen has none."""

    day: date
    url: str


def read_filters(request: HttpRequest) -> Filters:
    """The filters of an address; 404 where it names no day, or a camera that this person may not see."""
    cameras = list(Camera.objects.visible_to(request.user).select_related("node"))
    camera = asked_row(request, "camera", cameras)
    return Filters(request.path, camera_choices(cameras, camera), camera.pk if camera else None, asked_day(request))


def nearest_before(filters: Filters, images: QuerySet[Image]) -> Nearest | None:
    """The last day before the chosen one on which there are pictures of the same camera."""
    if filters.day is None:
        return None
    begins, _ = day_range(filters.day)
    earlier = filters.of_camera(images).filter(received_at__lt=begins).order_by("-received_at", "-pk")
    at = earlier.values_list("received_at", flat=True).first()
    if at is None:
        return None
    day = timezone.localtime(at).date()
    query = {"camera": filters.camera} if filters.camera else {}
    return Nearest(day, f"{filters.path}?{urlencode({**query, 'day': day.isoformat()})}")
