"""Rows that stand for the arguments of addresses, and what else is asked of a page: filters, days, places far back."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db.models import Count, Sum
from django.utils import timezone

from accounts.models import User
from benchmarks.web_others import LIMITED, STAFF
from cameras.models import Camera, Image, Visit
from plates.models import Plate, PlateReading, Sighting
from rollups.models import TrafficDay
from tests.harness import DRIVES
from tests.routes import Route
from web.paging import Cursor
from web.views.gallery import PAGE_SIZE

PAGES_DEEP = 200


def values(route: Route, who: str) -> dict[str, list[object]]:
    """What stands for the arguments of an address. Raises `SystemExit` where nothing does."""
    unknown = set(route.arguments) - set(EXAMPLES)
    if unknown:
        raise SystemExit(f"{route.path} has no example: say in {__name__} what stands for {', '.join(unknown)}")
    return {name: [EXAMPLES[name](who)] for name in route.arguments}


def middle(rows: Any, at: str, who: str) -> Any:
    """A row of half a year ago."""
    half = timezone.now() - timedelta(days=180)
    return rows.visible_to(user(who)).filter(**{f"{at}__lt": half}).order_by(f"-{at}", "-pk")[0]


def with_files(image: Image) -> Image:
    """An image whose files are there."""
    for file in (image.file, image.thumbnail):
        file.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(DRIVES[0], file)
    return image


def reading(who: str) -> int:
    """A reading of a plate whose picture has files."""
    row = middle(PlateReading.objects.select_related("image"), "at", who)
    with_files(row.image)
    return int(row.pk)


def user(name: str) -> Any:
    """A person of the database that is turned to."""
    return User.objects.get(username=name)


VISITS = {STAFF: 60, LIMITED: 6}
"""In so many was the plate of the examples seen by these cameras: in both databases alike."""
PART = "12"
"""In so many plates that a page of them is full in both databases."""
EXAMPLES: dict[str, Callable[[str], object]] = {
    "image_id": lambda who: with_files(middle(Image.objects, "received_at", who)).pk,
    "visit_id": lambda who: middle(Visit.objects, "started_at", who).pk,
    "reading_id": reading,
    "plate_id": lambda who: plate(who).pk,
    "camera_id": lambda who: 5,
    "node_id": lambda who: 5,
    "chart": lambda who: "visits",
    "uidb64": lambda who: "MQ",
    "token": lambda who: "x",
}


def queries(name: str, who: str) -> dict[str, str]:
    """What else is asked of a page, by what the figures call it."""
    known: dict[str, Callable[[str], dict[str, str]]] = {
        "web:gallery": gallery,
        "web:visits": lambda who: listed(Visit, "started_at", who) | camera_and_day(who),
        "web:events": lambda who: {"camera": "camera=5", "node": "node=5", "kind": "kind=light", "words": "q=moving"},
        "web:event_timeline": lambda who: {"week": "days=7", "month": "days=31", "camera, month": "camera=5&days=31"},
        "web:plates": lambda who: (
            {"part": f"q={PART}", "whole": f"q={plate(who)}", "list": "list=watch", "none": "q=QQQQQQQ"}
        ),
        "web:statistics": lambda who: (
            {f"{days} days": period(days) for days in (1, 90, 365)} | {"camera, year": f"{period(365)}&camera=5"}
        ),
        "web:statistics_csv": lambda who: {"year": period(365)},
    }
    return known[name](who) if name in known else {}


def camera_and_day(who: str) -> dict[str, str]:
    """One camera, and the day with most pictures."""
    theirs = TrafficDay.objects.filter(camera__in=Camera.objects.visible_to(user(who))).order_by()
    busiest = theirs.values("at").annotate(number=Sum("images")).order_by("-number")[0]["at"]
    return {"camera": "camera=5", "day": f"day={busiest}"}


def gallery(who: str) -> dict[str, str]:
    """The filters one by one, and together."""
    text = plate(who).text
    return {
        "200 pages deep": f"older={deep(Image, 'received_at', who, PAGES_DEEP * PAGE_SIZE)}",
        **camera_and_day(who),
        "cameras": "camera=5&camera=6",
        "label": "label=dog",
        "rare label": "label=bear",
        "labels, score, count": "label=car&label=person&score=90&count=2",
        "plate": f"plate={text}",
        "part of a plate": f"plate={text[:3]}*",
        "similar": f"plate={text}&similar=1",
        "watch": "list=watch",
        "kept": "kept=1",
        "weekday, hours": "weekday=0&after=06:00&before=07:00",
        "roi": "roi=gate",
        "by visit": "group=visit",
        "by visit, label": "group=visit&label=dog",
    }


def plate(who: str) -> Plate:
    """A plate that was seen some times."""
    seen = Sighting.objects.visible_to(user(who)).filter(plate__isnull=False).order_by()
    counted = seen.values("plate").annotate(visits=Count("pk")).values_list("visits", "plate")
    return Plate.objects.get(pk=min(counted, key=lambda one: (abs(one[0] - VISITS[who]), one[1]))[1])


def period(days: int) -> str:
    """The last days."""
    today = timezone.localdate()
    return f"from={today - timedelta(days=days - 1)}&to={today}"


def listed(model: Any, at: str, who: str) -> dict[str, str]:
    """A list far back."""
    return {"far back": f"older={deep(model, at, who, 600)}"}


def deep(model: Any, at: str, who: str, number: int) -> Cursor:
    """The place of the n-th row."""
    row = model.objects.visible_to(user(who)).order_by(f"-{at}", "-pk")[number]
    return Cursor(getattr(row, at), row.pk)
