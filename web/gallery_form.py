"""What the form of the gallery's filters offers and shows as chosen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import cached_property
from hashlib import sha256
from urllib.parse import urlencode

from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone

from cameras.models import Camera, Node
from rollups.models import ThingsDay
from web.choices import Choice, Tab
from web.gallery_filters import Filters
from web.keyset import PLACES

LATELY = timedelta(days=60)
"""Labels of things that were seen so lately are offered."""
REMEMBERED_SECONDS = 300
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
LISTS = {
    "any": "With a plate",
    "known": "Known plates",
    "watch": "Watched plates",
    "ignore": "Ignored plates",
    "unknown": "Unknown plates",
}


class FilterForm:
    """The values of the form, for its template."""

    def __init__(self, request: HttpRequest, filters: Filters) -> None:
        self.filters = filters
        self.request = request
        self.action = request.path

    @property
    def cameras(self) -> list[Choice]:
        """For the choice of one camera; where several are chosen, the first of them."""
        first = self.filters.chosen[0] if self.filters.chosen else None
        return [Choice(str(one.pk), str(one), one.pk == first) for one in self.offered if self.in_use(one)]

    @property
    def more_cameras(self) -> list[Choice]:
        """All but the first one that is chosen."""
        chosen = self.filters.chosen
        others = (one for one in self.offered if not chosen or one.pk != chosen[0])
        return [Choice(str(one.pk), str(one), one.pk in chosen) for one in others if self.in_use(one)]

    @property
    def offered(self) -> Sequence[Camera]:
        """The cameras that the person may see."""
        return self.filters.cameras

    def in_use(self, camera: Camera) -> bool:
        """Whether a camera is offered: those in use, and the chosen ones."""
        return not camera.retired_at or camera.pk in self.filters.chosen

    @property
    def nodes(self) -> list[Choice]:
        """The nodes of these cameras; none where there is but one."""
        nodes: dict[int, Node] = {one.node_id: one.node for one in self.offered}
        chosen = self.filters.node
        return [Choice(str(pk), str(one), pk == chosen) for pk, one in nodes.items()] if len(nodes) > 1 else []

    @cached_property
    def labels(self) -> list[Choice]:
        """What was seen lately, and what is chosen. One query now and then."""
        known = {*labels_of([one.pk for one in self.offered]), *self.filters.labels}
        return [Choice(one, one, one in self.filters.labels) for one in sorted(known)]

    @property
    def lists(self) -> list[Choice]:
        """Which plates."""
        return options(LISTS.items(), self.filters.listed)

    @property
    def rois(self) -> list[Choice]:
        """The named areas of the cameras."""
        names = sorted({name for one in self.offered for name in one.rois})
        return options(((name, name) for name in names), self.filters.roi)

    @property
    def weekdays(self) -> list[Choice]:
        """The days of the week."""
        return [Choice(str(number), name, number in self.filters.weekdays) for number, name in enumerate(WEEKDAYS)]

    @property
    def day(self) -> str:
        """The day as a field of a form writes it."""
        return self.filters.day.isoformat() if self.filters.day else ""

    @property
    def today(self) -> str:
        """The last day that can have pictures."""
        return timezone.localdate().isoformat()

    @property
    def since(self) -> str:
        """From when on, as a field of a form writes it."""
        return local_text(self.filters.since)

    @property
    def until(self) -> str:
        """Up to which minute, as a field of a form writes it."""
        return local_text(self.filters.until - timedelta(minutes=1) if self.filters.until else None)

    @property
    def after(self) -> str:
        """From which time of day on."""
        return clock(self.filters.after)

    @property
    def before(self) -> str:
        """Before which time of day."""
        return clock(self.filters.before)

    @property
    def score(self) -> str:
        """The least score, in percent."""
        return str(round(self.filters.score * 100)) if self.filters.score else ""

    @property
    def count(self) -> str:
        """The least number of things."""
        return str(self.filters.count) if self.filters.count > 1 else ""

    @property
    def more(self) -> int:
        """How many of the filters behind the button are set."""
        one = self.filters
        several = len(one.chosen) > 1
        times = (one.since, one.until, one.after is not None or one.before is not None, one.weekdays)
        things = (one.labels, one.score, one.count > 1, one.plate, one.listed, one.roi, one.kept)
        return sum(map(bool, (several, one.node, *times, *things)))

    @property
    def clear_url(self) -> str:
        """The gallery with everything; nothing where that is what is shown."""
        if not self.filters.narrowed:
            return ""
        return f"{self.action}?group=visit" if self.filters.by_visit else self.action

    @property
    def groups(self) -> list[Tab]:
        """Single pictures or visits."""
        by_visit = self.filters.by_visit
        return [
            Tab(self.address(group=""), "Pictures", not by_visit),
            Tab(self.address(group="visit"), "Visits", by_visit),
        ]

    def address(self, **changed: str) -> str:
        """The gallery with the same filters but for these, from its newest picture on."""
        return address(self.request, **changed)


def labels_of(cameras: Sequence[int]) -> list[str]:
    """The labels of what cameras saw lately, remembered for a while."""
    name = "labels-" + sha256(repr(sorted(cameras)).encode()).hexdigest()
    known: list[str] | None = cache.get(name)
    if known is None:
        since = timezone.localdate() - LATELY
        seen = ThingsDay.objects.filter(camera__in=cameras, at__gte=since).order_by()
        known = list(seen.values_list("label", flat=True).distinct())
        cache.set(name, known, REMEMBERED_SECONDS)
    return known


def address(request: HttpRequest, **changed: str) -> str:
    """This page's address with some parts changed, empty ones left out, and from the newest picture on."""
    query = {name: request.GET.getlist(name) for name in request.GET if name not in {*PLACES, *changed}}
    query |= {name: [text] for name, text in changed.items()}
    kept = [(name, text) for name, texts in query.items() for text in texts if text]
    return f"{request.path}?{urlencode(kept)}" if kept else request.path


def options(known: Iterable[tuple[str, str]], chosen: str) -> list[Choice]:
    """The choices of a filter."""
    return [Choice(value, text, value == chosen) for value, text in known]


def local_text(at: datetime | None) -> str:
    """A moment as a field of date and time writes it."""
    return f"{timezone.localtime(at):%Y-%m-%dT%H:%M}" if at else ""


def clock(minute: int | None) -> str:
    """A minute of the day as a field of time writes it."""
    return "" if minute is None else f"{minute // 60:02}:{minute % 60:02}"
