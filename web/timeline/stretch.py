"""The days that the timeline shows, and the steps in which it counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlencode

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone

from cameras.days import midnight
from web.choices import Tab
from web.days import FIRST, LAST, asked_day

LENGTHS = {1: ("Day", 10), 3: ("3 days", 30), 7: ("Week", 60), 31: ("Month", 360)}
"""How many days, their name, and the minutes of a step: so that a screen holds 100 to 170 steps."""
FILTERS = ("camera", "node", "day", "days")


@dataclass(frozen=True, slots=True)
class Stretch:
    """Whole days of the site's clock, of which `last` is the last."""

    last: date
    days: int = 1

    @property
    def first(self) -> date:
        """The first day."""
        return self.last - timedelta(days=self.days - 1)

    @property
    def begins(self) -> datetime:
        """The moment at which it begins, in UTC: there, adding hours knows no change of clocks."""
        return midnight(self.first).astimezone(UTC)

    @property
    def ends(self) -> datetime:
        """The moment at which it is over."""
        return midnight(self.last + timedelta(days=1)).astimezone(UTC)

    @property
    def step(self) -> timedelta:
        """How long a step is."""
        return timedelta(minutes=LENGTHS[self.days][1])

    @property
    def steps(self) -> int:
        """How many steps there are; one less or more where clocks change."""
        return -((self.begins - self.ends) // self.step)

    @property
    def span(self) -> float:
        """How many steps it is long, of which the last may be a part."""
        return (self.ends - self.begins) / self.step

    def number(self, at: datetime) -> int:
        """The step that a moment falls into; may lie outside."""
        return (at - self.begins) // self.step

    def at(self, number: int) -> datetime:
        """When a step begins."""
        return self.begins + number * self.step

    def words(self, number: int) -> str:
        """A step as people say it."""
        local = timezone.localtime(self.at(number))
        return f"{local:%a} {local.day} {local:%b} {local:%H:%M}"

    def said(self) -> str:
        """The whole as people say it."""
        first, last = (f"{one:%a} {one.day} {one:%b %Y}" for one in (self.first, self.last))
        return first if self.days == 1 else f"{first} to {last}"

    def moved(self, by: int) -> Stretch:
        """As long, so many times its length later."""
        return Stretch(self.last + timedelta(days=self.days * by), self.days)


def asked_stretch(request: HttpRequest) -> Stretch:
    """The days that the address names by `day`, the last one, and `days`; else today. 404 where these are none."""
    text = request.GET.get("days") or "1"
    if text not in {str(one) for one in LENGTHS}:
        raise Http404(f"days={text[:20]!r} is none of {', '.join(map(str, LENGTHS))}")
    return Stretch(asked_day(request) or timezone.localdate(), int(text))


def asked_step(request: HttpRequest, stretch: Stretch) -> int | None:
    """The step that the address names by its number, if any; 404 where there is none of that number."""
    text = request.GET.get("step", "")
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 5 and int(text) < stretch.steps):
        raise Http404(f"step={text[:20]!r} is none of these days")
    return int(text)


def address(request: HttpRequest, stretch: Stretch, **more: object) -> str:
    """The page for other days, with the same filters."""
    days = {"days": stretch.days} if stretch.days != 1 else {}
    today = {} if stretch.last == timezone.localdate() and not more else {"day": stretch.last.isoformat()}
    return query(kept(request) | today | days | more)


def kept(request: HttpRequest) -> dict[str, object]:
    """The filters of the address that hold for other days too."""
    return {name: request.GET[name] for name in ("camera", "node") if request.GET.get(name)}


def query(facts: dict[str, object]) -> str:
    """The page's address with these facts."""
    return reverse("web:event_timeline") + (f"?{urlencode(facts)}" if facts else "")


def neighbours(request: HttpRequest, stretch: Stretch) -> tuple[str, str]:
    """The addresses of the days before and after; nothing for days to come."""
    earlier, later = stretch.moved(-1), stretch.moved(1)
    today = timezone.localdate()
    if later.last > today > stretch.last:
        later = Stretch(today, stretch.days)
    return (
        address(request, earlier) if earlier.first > FIRST else "",
        address(request, later) if stretch.last < today and later.last < LAST else "",
    )


def length_tabs(request: HttpRequest, stretch: Stretch) -> list[Tab]:
    """The lengths to choose from, each ending with the same day."""
    return [
        Tab(address(request, Stretch(stretch.last, days)), name, current=days == stretch.days)
        for days, (name, _) in LENGTHS.items()
    ]


def day_address(request: HttpRequest) -> str:
    """The page of a single day, to which the day is to be added."""
    return query({**kept(request), "day": ""})
