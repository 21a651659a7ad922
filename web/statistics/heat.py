"""The week as a grid: weekdays downwards, hours to the right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from web.statistics.drawing import Mark

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
SHADES = 5
LEFT, TOP, CELL, ROW = 44, 4, 24.8, 27
WIDTH, HEIGHT = 640, TOP + 7 * ROW + 30


@dataclass(frozen=True, slots=True)
class Cell:
    """One hour of one weekday."""

    x: str
    y: str
    shade: int
    text: str


@dataclass(frozen=True, slots=True)
class Grid:
    """Everything that is drawn."""

    cells: list[Cell]
    rows: list[tuple[str, str]]
    """Where the name of a weekday stands, and which."""
    hours: list[Mark]
    most: float


def grid(means: Mapping[tuple[int, int], float]) -> Grid:
    """The grid of figures by weekday (0: Monday) and hour; the fullest cell is the darkest."""
    most = max(means.values(), default=0.0)
    cells = []
    for (day, hour), mean in sorted(means.items()):
        text = f"{DAY_NAMES[day]} {hour:02}:00 to {(hour + 1) % 24:02}:00: {mean:.1f} visits"
        x, y = LEFT + hour * CELL, TOP + day * ROW
        cells.append(Cell(f"{x:.1f}", f"{y:.1f}", shade(mean, most), text))
    rows = [(f"{TOP + day * ROW + ROW * 0.65:.1f}", name) for day, name in enumerate(DAYS)]
    hours = [Mark(f"{LEFT + hour * CELL:.1f}", f"{hour:02}:00", hour % 6 != 0) for hour in range(0, 24, 3)]
    return Grid(cells, rows, hours, most)


def shade(figure: float, most: float) -> int:
    """0 for nothing, else 1 to `SHADES` in even steps."""
    return 0 if not figure else min(SHADES, 1 + int(figure / most * SHADES))
