"""Where to go from a day without pictures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest
from django.utils import timezone

from web.days import day_range
from web.gallery_form import address
from web.gallery_search import Search
from web.paging import Cursor


@dataclass(frozen=True, slots=True)
class Nearest:
    """A day that has pictures, where the one that was chosen has none."""

    day: date
    url: str


def nearest_before(request: HttpRequest, search: Search) -> Nearest | None:
    """The last day before the chosen one on which there are pictures of the same choice."""
    filters = search.filters
    if filters.day is None or filters.since or filters.until:
        return None
    begins, _ = day_range(filters.day)
    earlier = search.without_day().find(Cursor(begins, 0), "lt", 1)
    if not earlier.places:
        return None
    day = timezone.localtime(earlier.places[0].received_at).date()
    return Nearest(day, address(request, day=day.isoformat()))
