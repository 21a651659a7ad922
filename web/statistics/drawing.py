"""Charts as SVG: where everything is, in units of a drawing that the page scales. Colours are classes of the sheet."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 640, 240
LEFT, RIGHT, TOP, BOTTOM = 48, 636, 14, 208
"""The edges of what is drawn; names of steps stand below, those of levels at the left."""
MOST_NAMES = 6
GAP = 0.22
"""Of a column's room."""


@dataclass(frozen=True, slots=True)
class Series:
    """What is drawn in one colour: 1 to 6, and `rest` for what is left."""

    name: str
    colour: str
    values: Sequence[float | None]
    """One a step; None: not known."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A line of the scale, or a name under the axis: where, and what it says."""

    at: str
    text: str
    sparse: bool = False
    """Left out on a phone."""
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class Stroke:
    """A series as a path."""

    colour: str
    path: str


@dataclass(frozen=True, slots=True)
class Hint:
    """The room of a step, with what a pointer is told there."""

    x: str
    width: str
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Everything that is drawn."""

    kind: str
    """columns or lines."""
    strokes: list[Stroke]
    levels: list[Mark]
    names: list[Mark]
    hints: list[Hint]
    legend: list[Series]


@dataclass(frozen=True, slots=True)
class Scale:
    """From figures to heights."""

    low: float
    high: float
    levels: tuple[float, ...]
    logarithmic: bool = False

    def y(self, value: float) -> float:
        """The height of a figure; what is below the scale stands on its floor."""
        low, high, value = self.low, self.high, min(max(value, self.low), self.high)
        if self.logarithmic:
            low, high, value = math.log10(low), math.log10(high), math.log10(value)
        return BOTTOM - (value - low) / (high - low) * (BOTTOM - TOP)


def columns(series: Sequence[Series], names: Sequence[tuple[str, str]], say: Callable[[float], str]) -> Chart:
    """Columns of series that stand on each other; `names` are the steps, in short and in words."""
    sums = [sum(one.values[number] or 0 for one in series) for number in range(len(names))]
    scale = round_scale(max(sums, default=0))
    room = (RIGHT - LEFT) / max(len(names), 1)
    heights = [0.0] * len(names)
    strokes = []
    for one in series:
        path = []
        for number, value in enumerate(one.values):
            if value:
                below, heights[number] = heights[number], heights[number] + value
                path.append(box(LEFT + room * (number + GAP / 2), room * (1 - GAP), scale, below, heights[number]))
        strokes.append(Stroke(one.colour, "".join(path)))
    return Chart("columns", strokes, marks(scale, brief), ticks(names), hints(series, names, say), list(series))


def lines(
    series: Sequence[Series], names: Sequence[tuple[str, str]], say: Callable[[float], str], scale: Scale | None = None
) -> Chart:
    """A line for each series, broken where nothing is known; on a scale of counts where none is given."""
    level = say if scale else brief
    scale = scale or round_scale(max((value or 0 for one in series for value in one.values), default=0))
    room = (RIGHT - LEFT) / max(len(names), 1)
    strokes = [Stroke(one.colour, line(one.values, room, scale)) for one in series]
    return Chart("lines", strokes, marks(scale, level), ticks(names), hints(series, names, say), list(series))


def box(x: float, width: float, scale: Scale, below: float, above: float) -> str:
    """A rectangle as part of a path."""
    top, bottom = scale.y(above), scale.y(below)
    return f"M{x:.1f} {bottom:.1f}V{top:.1f}h{width:.1f}V{bottom:.1f}z"


def line(values: Sequence[float | None], room: float, scale: Scale) -> str:
    """A broken line as a path; a figure between two that are not known is a dot."""
    path, pen = [], "M"
    for number, value in enumerate(values):
        if value is None:
            pen = "M"
            continue
        x, y = LEFT + room * (number + 0.5), scale.y(value)
        path.append(f"{pen}{x:.1f} {y:.1f}" + ("h0" if pen == "M" else ""))
        pen = "L"
    return "".join(path)


def round_scale(most: float) -> Scale:
    """A scale from nothing to a round figure, with a few round steps between."""
    step = 10 ** math.floor(math.log10(max(most, 1)))
    step = next(one for one in (step / 5, step / 2, step, step * 2) if most / one <= 5)
    step = max(step, 1)
    count = max(math.ceil(most / step), 1)
    return Scale(0, count * step, tuple(number * step for number in range(1, count + 1)))


def brief(number: float) -> str:
    """A round count in few letters: 1.5k."""
    for size, letter in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if number >= size:
            return f"{number / size:g}{letter}"
    return f"{number:g}"


def marks(scale: Scale, say: Callable[[float], str]) -> list[Mark]:
    """The lines of a scale."""
    return [Mark(f"{scale.y(one):.1f}", say(one)) for one in scale.levels]


def ticks(names: Sequence[tuple[str, str]]) -> list[Mark]:
    """Names of some steps, evenly spread, so that they do not meet."""
    room, every = (RIGHT - LEFT) / max(len(names), 1), math.ceil(len(names) / MOST_NAMES)
    chosen = range(0, len(names), max(every, 1))
    found = []
    for place, number in enumerate(chosen):
        x = LEFT + room * (number + 0.5)
        anchor = "start" if x < LEFT + 40 else "end" if x > WIDTH - 40 else "middle"
        x = {"start": float(LEFT), "end": float(RIGHT)}.get(anchor, x)
        found.append(Mark(f"{x:.1f}", names[number][0], sparse=place % 2 == 1, anchor=anchor))
    return found


def hints(series: Sequence[Series], names: Sequence[tuple[str, str]], say: Callable[[float], str]) -> list[Hint]:
    """What stands behind each step, the largest first as they are drawn."""
    room = (RIGHT - LEFT) / max(len(names), 1)
    found = []
    for number, (_, words) in enumerate(names):
        known = [(one.name, one.values[number]) for one in series]
        said = ", ".join(f"{name} {say(value)}" for name, value in known if value is not None and value)
        found.append(Hint(f"{LEFT + room * number:.1f}", f"{room:.1f}", f"{words}: {said or 'nothing'}"))
    return found
