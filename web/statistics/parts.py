"""What a part of the page is made of, and how figures are said."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
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
    csv: Sheet
    empty: str = ""
    """What to say where there is nothing to draw."""
    notes: list[str] = field(default_factory=list)


def names_of(asked: Asked) -> list[tuple[str, str]]:
    """The steps, in short and in words."""
    return [(asked.period.short(slot), asked.period.words(slot)) for slot in asked.period.slots()]


def sheets(
    asked: Asked, heads: Sequence[str], values: Sequence[Sequence[object]], say: Callable[..., str]
) -> list[Sheet]:
    """The same figures by step for people, the latest first, and for machines."""
    slots = list(asked.period.slots())
    rows = [[one[number] for one in values] for number in range(len(slots))]
    shown = [[asked.period.words(slot), *map(say, row)] for slot, row in zip(slots, rows, strict=True)]
    told: list[Row] = [[asked.period.stamp(slot), *row] for slot, row in zip(slots, rows, strict=True)]
    step = asked.period.step
    return [Sheet([step.capitalize(), *heads], [*reversed(shown)]), Sheet([step, *heads], told)]


def so_far(asked: Asked, values: Sequence[float]) -> list[float | None]:
    """Figures of steps that have begun; of others nothing is known yet."""
    now, today = timezone.now(), timezone.localdate()
    begun = [slot <= now if isinstance(slot, datetime) else slot <= today for slot in asked.period.slots()]
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
