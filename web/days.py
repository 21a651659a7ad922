"""Days as the site's zone knows them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.http import Http404, HttpRequest

from cameras.days import midnight

FIRST, LAST = date(1990, 1, 1), date(2200, 1, 1)


def day_range(day: date) -> tuple[datetime, datetime]:
    """The moment at which a day begins and that at which the next one does; 23 or 25 hours apart twice a year."""
    return midnight(day), midnight(day + timedelta(days=1))


def asked_day(request: HttpRequest, name: str = "day") -> date | None:
    """The day that the address names as `day=2026-05-17`, or by another name, if any; 404 where that is no day."""
    text = request.GET.get(name, "")
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = LAST
    if not FIRST <= day < LAST:
        raise Http404("not a day")
    return day
