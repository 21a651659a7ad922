"""The days that statistics are of, and the steps in which they are shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.db.models import F
from django.db.models.functions import TruncMonth, TruncWeek, TruncYear
from django.http import Http404, HttpRequest
from django.utils import timezone

from cameras.changes import HOUR
from rollups.spans import Span, hours_of
from web.choices import Tab
from web.days import FIRST, LAST

USUAL_DAYS = 30
PRESETS = ((1, "Today"), (7, "7 days"), (30, "30 days"), (90, "90 days"), (365, "Year"))
STEPS: tuple[tuple[int, str, Callable[[date], date]], ...] = (
    (62, "day", lambda day: day),
    (400, "week", lambda day: day - timedelta(days=day.weekday())),
    (3660, "month", lambda day: day.replace(day=1)),
    (10**6, "year", lambda day: day.replace(month=1, day=1)),
)
"""Up to so many days are shown in such steps; and on which day the step of a day begins. Two days are shown by hour."""
BY_HOUR = 2
BEGINS: dict[str, Any] = {"week": TruncWeek, "month": TruncMonth, "year": TruncYear}
"""How a database tells on which day the step of a day begins, where that is another."""
Moment = date | datetime
"""When a row of a count begins: a day, or an hour of UTC."""


@dataclass(frozen=True)
class Period:
    """From one day to another, both included. What follows from them is worked out once."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    @property
    def by_hour(self) -> bool:
        """Whether it is shown hour by hour."""
        return self.days <= BY_HOUR

    @cached_property
    def step(self) -> str:
        """What is shown as one: hour, day, week, month or year."""
        return "hour" if self.by_hour else next(name for most, name, _ in STEPS if self.days <= most)

    @cached_property
    def span(self) -> Span:
        """The hours that begin in it."""
        return Span(hours_of(self.first).first, hours_of(self.last).last)

    @cached_property
    def slots(self) -> dict[Moment, int]:
        """When each step begins, with its number; a first week or month may begin before the period."""
        if self.by_hour:
            hours = int((self.span.last - self.span.first) / HOUR)
            return {self.span.first + number * HOUR: number for number in range(hours)}
        begins = next(begins for _, name, begins in STEPS if name == self.step)
        days = (begins(self.first + timedelta(days=number)) for number in range(self.days))
        return {day: number for number, day in enumerate(dict.fromkeys(days))}

    @property
    def slot(self) -> Any:
        """For the database: when the step begins that the day or hour in the column `at` belongs to."""
        return BEGINS[self.step]("at") if self.step in BEGINS else F("at")

    @cached_property
    def names(self) -> list[tuple[str, str]]:
        """The steps in short and in words."""
        return [(self.short(slot), self.words(slot)) for slot in self.slots]

    def words(self, slot: Moment) -> str:
        """A step as people say it."""
        if isinstance(slot, datetime):
            local = timezone.localtime(slot)
            return f"{local.day} {local:%b %H:%M}{' again' if local.fold else ''}"
        forms = {"day": f"{slot:%a} {slot.day} {slot:%b}", "week": f"Week of {slot.day} {slot:%b}"}
        return forms.get(self.step) or (f"{slot:%b %Y}" if self.step == "month" else f"{slot:%Y}")

    def short(self, slot: Moment) -> str:
        """A step as an axis has room for it."""
        if isinstance(slot, datetime):
            return f"{timezone.localtime(slot):%H:%M}"
        forms = {"month": f"{slot:%b} {slot:%y}", "year": f"{slot:%Y}"}
        return forms.get(self.step) or f"{slot.day} {slot:%b}"

    def stamp(self, slot: Moment) -> str:
        """A step as machines read it: ISO 8601, hours with the offset of the site's zone."""
        return timezone.localtime(slot).isoformat() if isinstance(slot, datetime) else slot.isoformat()


def asked_period(request: HttpRequest) -> Period:
    """The days that the address names by `from` and `to`, else the last 30; 404 where these are no days."""
    today = timezone.localdate()
    last = asked(request, "to") or today
    first = asked(request, "from") or min(last, today) - timedelta(days=USUAL_DAYS - 1)
    return Period(min(first, last), max(first, last))


def asked(request: HttpRequest, name: str) -> date | None:
    """A day of the address, if any."""
    text = request.GET.get(name, "")
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = LAST
    if not FIRST <= day < LAST:
        raise Http404(f"{name}={text!r} is not a day")
    return day


def presets(period: Period, address: Callable[[Period], str], oldest: date | None) -> list[Tab]:
    """Periods that people mostly want: the last days, and all."""
    today = timezone.localdate()
    found = [(Period(today - timedelta(days=days - 1), today), text) for days, text in PRESETS]
    if oldest and oldest not in {one.first for one, _ in found}:
        found.append((Period(oldest, today), "All"))
    return [Tab(address(one), text, current=one == period) for one, text in found]
