"""At which hours of the day a plate is seen, as a chart that the server draws."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from plates.models import Sighting

MOST_VISITS = 2000
"""The latest so many visits are counted, which an index holds in order."""
BAR, GAP, HEIGHT = 16, 4, 80
"""Width of a bar, the room between two, and the height of the tallest, in the chart's own units."""
NAMED = 6
"""Every so many hours one is named below its bar."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One hour: how many visits, and where its bar stands."""

    hour: int
    count: int
    x: int
    y: int
    height: int
    middle: int

    @property
    def named(self) -> bool:
        """Whether the hour stands below its bar."""
        return self.hour % NAMED == 0


@dataclass(frozen=True, slots=True)
class Hours:
    """The chart: its bars, a sentence that says it, and whether older visits are left out."""

    bars: list[Bar]
    said: str
    capped: bool

    @property
    def width(self) -> int:
        """Of the chart, in its own units."""
        return len(self.bars) * (BAR + GAP)


def hours_of(seen: QuerySet[Sighting]) -> Hours | None:
    """The hours of these vehicles in the site's zone; None where there are none. One query."""
    times = list(seen.order_by("-at").values_list("at", flat=True)[:MOST_VISITS])
    return drawn(times, capped=len(times) == MOST_VISITS) if times else None


def drawn(times: Iterable[datetime], *, capped: bool = False) -> Hours:
    """The chart of these times, at least one."""
    counts = Counter(timezone.localtime(at).hour for at in times)
    most = max(counts.values())
    bars = [bar(hour, counts[hour], most) for hour in range(24)]
    busiest = min(hour for hour in counts if counts[hour] == most)
    visits = counts.total()
    said = f"{visits:,} visit{'' if visits == 1 else 's'}, most between {busiest}:00 and {busiest + 1}:00 ({most:,})."
    return Hours(bars, said, capped)


def bar(hour: int, count: int, most: int) -> Bar:
    """The bar of an hour; a single visit can be seen beside many."""
    height = max(round(HEIGHT * count / most), 2) if count else 0
    x = hour * (BAR + GAP) + GAP // 2
    return Bar(hour, count, x, HEIGHT - height, height, x + BAR // 2)
