"""What the gallery may be narrowed to, all of it in the address, so that a view can be shared."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.http import Http404, HttpRequest, QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime, parse_time

from cameras.models import Camera
from plates.models import PlateList
from web.days import FIRST, LAST, asked_day, day_range
from web.plate_patterns import pattern_of

LISTS = (*(str(one) for one in PlateList.values if one), "unknown", "any")
"""Which plates pictures are to show: of one of the lists, of none of them, or whichever."""
MOST_LABELS, MOST_COUNT = 8, 50
Area = tuple[float, float, float, float]
"""Left, top, right and bottom in percent of a picture."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What an address asks for. Empty values narrow nothing."""

    path: str
    cameras: tuple[Camera, ...] = ()
    """All that the person may see."""
    chosen: tuple[int, ...] = ()
    node: int | None = None
    day: date | None = None
    since: datetime | None = None
    until: datetime | None = None
    after: int | None = None
    """Minute of the day; `before` is left out, and may lie on the next day."""
    before: int | None = None
    weekdays: tuple[int, ...] = ()
    """0 for Monday."""
    labels: tuple[str, ...] = ()
    score: float = 0
    count: int = 1
    plate: str = ""
    similar: bool = False
    listed: str = ""
    roi: str = ""
    kept: bool = False
    by_visit: bool = False

    @property
    def any_camera(self) -> bool:
        """Whether no camera is left out."""
        return not (self.chosen or self.node or self.roi)

    @property
    def camera_numbers(self) -> list[int]:
        """The cameras whose pictures are asked for; several filters of cameras narrow each other."""
        found = [one for one in self.cameras if not self.chosen or one.pk in self.chosen]
        return [
            one.pk
            for one in found
            if (not self.node or one.node_id == self.node) and (not self.roi or self.roi in one.rois)
        ]

    @property
    def areas(self) -> dict[int, Area]:
        """Where in the pictures of which camera the chosen region of interest is."""
        return {one.pk: area_of(one.rois[self.roi]) for one in self.cameras if self.roi and self.roi in one.rois}

    @property
    def narrowed_beyond_days(self) -> bool:
        """Whether anything but cameras and days is asked for."""
        times = self.after is not None or self.before is not None or bool(self.weekdays)
        things = bool(self.labels or self.roi) or self.score > 0 or self.count > 1
        return times or things or bool(self.plate or self.listed) or self.kept

    @property
    def narrowed(self) -> bool:
        """Whether anything is narrowed."""
        times = self.day or self.since or self.until
        return not self.any_camera or times is not None or self.narrowed_beyond_days

    @property
    def first(self) -> datetime | None:
        """The moment from which on pictures are asked for."""
        begins = day_range(self.day)[0] if self.day else None
        return max((one for one in (begins, self.since) if one), default=None)

    @property
    def last(self) -> datetime | None:
        """The moment before which they are."""
        ends = day_range(self.day)[1] if self.day else None
        return min((one for one in (ends, self.until) if one), default=None)


def area_of(corners: list[list[float]]) -> Area:
    """The area between two corners, whichever they are."""
    (x1, y1), (x2, y2) = corners
    return min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)


def read_filters(request: HttpRequest) -> Filters:
    """The filters of an address; 404 where it names something that is none, or that this person may not see."""
    cameras = tuple(Camera.objects.visible_to(request.user).select_related("node"))
    asked = request.GET
    chosen = tuple(sorted({number(text, "camera", (one.pk for one in cameras)) for text in several(asked, "camera")}))
    node = asked.get("node", "")
    roi = one_of(asked, "roi", {name for one in cameras for name in one.rois})
    return Filters(
        path=request.path,
        cameras=cameras,
        chosen=chosen,
        node=number(node, "node", (one.node_id for one in cameras)) if node else None,
        day=asked_day(request),
        since=moment(asked, "from", end=False),
        until=moment(asked, "to", end=True),
        after=minute(asked, "after"),
        before=minute(asked, "before"),
        weekdays=tuple(sorted({figure(text, "weekday", 6) for text in several(asked, "weekday")})),
        labels=tuple(dict.fromkeys(text[:32] for text in several(asked, "label")))[:MOST_LABELS],
        score=figure(asked.get("score") or "0", "score", 100) / 100,
        count=max(figure(asked.get("count") or "1", "count", MOST_COUNT), 1),
        plate=pattern_of(asked.get("plate", "")),
        similar=bool(asked.get("similar")),
        listed=one_of(asked, "list", LISTS),
        roi=roi,
        kept=bool(asked.get("kept")),
        by_visit=one_of(asked, "group", ("visit",)) == "visit",
    )


def several(asked: QueryDict, name: str) -> list[str]:
    """What the address says of a filter that may be set more than once."""
    return [text for text in asked.getlist(name) if text]


def one_of(asked: QueryDict, name: str, known: object) -> str:
    """One of some words, or nothing."""
    text = asked.get(name, "")
    if text and text not in known:  # type: ignore[operator]
        raise Http404(f"{name}={text[:40]!r} is none that there is")
    return text


def number(text: str, name: str, known: object) -> int:
    """The number of a row that the person may see."""
    for one in known:  # type: ignore[attr-defined]
        if str(one) == text:
            return int(one)
    raise Http404(f"no such {name}")


def figure(text: str, name: str, most: int) -> int:
    """A whole number from 0 to the most."""
    if not (text.isascii() and text.isdigit() and int(text[:9]) <= most):
        raise Http404(f"{name}={text[:40]!r} is not a number from 0 to {most}")
    return int(text)


def minute(asked: QueryDict, name: str) -> int | None:
    """The minute of the day that a time of day names, if any."""
    text = asked.get(name, "")
    try:
        found = parse_time(text) if text else None
    except ValueError:
        found = None
    if text and found is None:
        raise Http404(f"{name}={text[:40]!r} is not a time of day")
    return found.hour * 60 + found.minute if found else None


def moment(asked: QueryDict, name: str, *, end: bool) -> datetime | None:
    """The moment that a local time, to the minute, or a day names; with `end` the one after that minute or day."""
    text = asked.get(name, "")
    if not text:
        return None
    try:
        day, at = parse_date(text), parse_datetime(text)
    except ValueError:
        day = at = None
    if day and FIRST <= day < LAST:
        return day_range(day)[1 if end else 0]
    if not at or not FIRST <= at.date() < LAST:
        raise Http404(f"{name}={text[:40]!r} is not a time such as 2026-05-17T08:30")
    aware = at if timezone.is_aware(at) else timezone.make_aware(at)
    return aware.replace(second=0, microsecond=0) + timedelta(minutes=1) if end else aware
