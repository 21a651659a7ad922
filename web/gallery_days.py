"""The days around those that the gallery shows, as bars to jump by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import QuerySet, Sum
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from cameras.days import midnight
from rollups.models import ThingsDay, ThingsSite, TrafficDay, TrafficSite
from web.days import FIRST, LAST
from web.gallery_pages import FoundPage
from web.gallery_search import LAST_NUMBER, Search
from web.keyset import PLACES
from web.paging import Cursor

DAYS = 92
"""So many days are shown at once."""
HEIGHT, WIDTH = 40, 8
"""Of the chart, and of one day, in the chart's own units."""


@dataclass(frozen=True, slots=True)
class DayBar:
    """One day: how many, where its bar stands, and the address that begins with it."""

    day: date
    count: int
    x: int
    y: int
    height: int
    url: str = ""
    current: bool = False


@dataclass(frozen=True, slots=True)
class Days:
    """The chart, and what its bars count."""

    bars: list[DayBar]
    first: date
    last: date
    width: int
    what: str
    earlier: str
    later: str

    @property
    def drawn(self) -> SafeString:
        """The bars as SVG."""
        parts = [bar_svg(one, self.what) for one in self.bars]
        return mark_safe("".join(parts))  # noqa: S308  every text in it was escaped


def days_of(request: HttpRequest, search: Search, found: FoundPage) -> Days | None:
    """The days around the first picture that is shown; None where there are none. At most one query."""
    today, shown = timezone.localdate(), found.page.rows
    at = timezone.localtime(shown[0].received_at).date() if shown else None
    if at is None:
        return None
    last = max(min(today, at + timedelta(days=DAYS // 2)), at)
    first = last - timedelta(days=DAYS - 1)
    counts, what = exact(search, found.times) if found.times else counted(search, first, last)
    days = [first + timedelta(days=number) for number in range(DAYS)]
    most = max(counts[day] for day in days)
    if not most:
        return None
    on = {timezone.localtime(one.received_at).date() for one in shown}
    jump = jumps(request)
    bars = (bar(number, day, counts[day], counts[day] / most) for number, day in enumerate(days) if counts[day])
    return Days(
        [replace(one, url=jump(one.day), current=one.day in on) for one in bars],
        first,
        last,
        DAYS * WIDTH,
        what,
        earlier=jump(first - timedelta(days=1)) if first > FIRST else "",
        later=jump(min(last + timedelta(days=DAYS // 2), today)) if last < today else "",
    )


def exact(search: Search, times: Sequence[datetime]) -> tuple[Counter[date], str]:
    """How much there is of each day, where everything that matches was found."""
    what = "visits" if search.filters.by_visit else "pictures"
    return Counter(timezone.localtime(at).date() for at in times), what


def counted(search: Search, first: date, last: date) -> tuple[Counter[date], str]:
    """How much there is of each day, and of what: things of the first label, else pictures of the cameras."""
    filters = search.filters
    label = filters.labels[0] if filters.labels else ""
    whole = search.cameras is None
    things, traffic = (ThingsSite, TrafficSite) if whole else (ThingsDay, TrafficDay)
    rows: QuerySet[Any] = things.objects.filter(label=label) if label else traffic.objects.all()
    of_cameras = rows if whole else rows.filter(camera__in=search.cameras)
    days = of_cameras.order_by().filter(at__gte=first, at__lte=last).values_list("at")
    found = days.annotate(n=Sum("things" if label else "images"))
    return Counter(dict(found)), (f"things named {label}" if label else "pictures")


def bar(number: int, day: date, count: int, share: float) -> DayBar:
    """The bar of a day, by its share of the tallest one; a single picture can be seen beside many."""
    height = max(round(HEIGHT * share), 2)
    return DayBar(day, count, number * WIDTH, HEIGHT - height, height)


def jumps(request: HttpRequest) -> Callable[[date], str]:
    """What tells the address of the gallery with the same filters, from the end of a day on."""
    query = request.GET.copy()
    for name in PLACES:
        query.pop(name, None)
    begins = f"{request.path}?{query.urlencode()}{'&' if query else ''}older="

    def jump(day: date) -> str:
        ends = midnight(min(max(day, FIRST), LAST - timedelta(days=1)) + timedelta(days=1))
        return f"{begins}{Cursor(ends - timedelta(microseconds=1), LAST_NUMBER)}"

    return jump


def bar_svg(one: DayBar, what: str) -> str:
    """The bar as SVG, with a strip above it to press. Written here since a template took a third of the page's time."""
    told, day = escape(f"{one.count:,} {what}"), one.day
    named = f"{day:%A} {day.day} {day:%B %Y}: {told}"
    current = ' class="current"' if one.current else ""
    facts = f'href="{escape(one.url)}" tabindex="-1" aria-label="{named}"{current}'
    return (
        f"<a {facts}><title>{day:%a} {day.day} {day:%b %Y}: {told}</title>"
        f'<rect class="days-hit" x="{one.x}" y="0" width="{WIDTH}" height="{HEIGHT}"/>'
        f'<rect class="days-bar" x="{one.x}" y="{one.y}" width="{WIDTH - 1}" height="{one.height}"/></a>'
    )
