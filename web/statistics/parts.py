"""What a part of the page is made of, and how figures are said."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.template.defaultfilters import filesizeformat
from django.utils import timezone

from web.statistics.drawing import Chart
from web.statistics.heat import Grid
from web.statistics.reading import Asked

Row = Sequence[object]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Figures as a table: a name for each column, and rows whose first cell is their name."""

    head: Row
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the page."""

    slug: str
    title: str
    says: str
    """What the drawing shows, for who does not see it."""
    chart: Chart | Grid | None
    sheet: Sheet
    csv: Callable[[], Sheet]
    """The figures for machines, put together only where they are asked for."""
    empty: str = ""
    """What to say where there is nothing to draw."""


def shown(asked: Asked, heads: Sequence[str], values: Sequence[Sequence[object]], say: Callable[..., str]) -> Sheet:
    """Figures by step for people, the latest first."""
    rows: list[Row] = [
        [words, *(say(one[number]) for one in values)] for number, (_, words) in enumerate(asked.period.names)
    ]
    return Sheet([asked.period.step.capitalize(), *heads], rows[::-1])


def told(asked: Asked, heads: Sequence[str], values: Sequence[Sequence[object]]) -> Sheet:
    """Figures by step for machines."""
    slots = asked.period.slots.items()
    return Sheet(
        [asked.period.step, *heads],
        [[asked.period.stamp(slot), *(one[number] for one in values)] for slot, number in slots],
    )


def so_far(asked: Asked, values: Sequence[float]) -> list[float | None]:
    """Figures of steps that have begun; of others nothing is known yet."""
    now, today = timezone.now(), timezone.localdate()
    begun = [slot <= now if isinstance(slot, datetime) else slot <= today for slot in asked.period.slots]
    return [value if one else None for value, one in zip(values, begun, strict=True)]


def count(number: float | None) -> str:
    """A count as people read it."""
    return f"{int(number or 0):,}"


def whole(numbers: Sequence[float | None]) -> list[int]:
    """Counts as whole numbers."""
    return [int(one or 0) for one in numbers]


def size(number: float) -> str:
    """Bytes as people read them."""
    return str(filesizeformat(number))
