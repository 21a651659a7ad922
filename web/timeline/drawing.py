"""Lanes of the timeline as SVG, a unit for each step, so that paths are short; sheets say how large they are."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby, pairwise

from django.utils import timezone

from web.timeline.stretch import Stretch

AXIS, HEIGHT, LINE_HEIGHT = 960, 40, 80
MIDDLE = 24
"""Where columns that go up and those that go down stand, in lanes that have both."""
PATIENCE = 3
"""A line goes on over so many of a sensor's usual gaps; what is longer is a gap that is shown."""


@dataclass(frozen=True, slots=True)
class Stroke:
    """A path, and the class that says how it looks."""

    look: str
    path: str


@dataclass(frozen=True, slots=True)
class Lane:
    """One row of the timeline."""

    title: str
    url: str
    said: str
    """What is in it, in words."""
    strokes: list[Stroke]
    height: int = HEIGHT
    low: str = ""
    """The ends of its scale, where it has one."""
    high: str = ""
    facts: list[tuple[str, str]] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    """What is in each step: how many of each of `things`, or words; empty where nothing is."""
    things: tuple[str, ...] = ()
    camera: int = 0
    """Of the camera whose pictures are at hand in it."""


@dataclass(frozen=True, slots=True)
class Tick:
    """A moment on the axis."""

    x: str
    text: str
    sparse: bool
    day: date


def columns(counts: Sequence[int], look: str, floor: float, height: float) -> Stroke:
    """A column for each step, from the floor up, or down where the height is negative; the largest is as high.

    They are one outline, which goes along the floor where nothing is.
    """
    most, tops, path = max(counts, default=0) or 1, {0: f"V{floor:g}"}, [f"M0 {floor:g}"]
    for count, steps in groupby(counts):
        if count not in tops:
            tall = math.copysign(max(abs(height) * count / most, 2), height)
            tops[count] = f"V{floor - tall:.3g}"
        path.append(f"{tops[count]}h{len(list(steps))}")
    return Stroke(look, "".join(path) + f"V{floor:g}z" if any(counts) else "")


def strip(steps: Sequence[bool], look: str, top: float, height: float) -> Stroke:
    """A band over the steps that hold, neighbours in one piece."""
    path, begun = [], None
    for step, holds in enumerate([*steps, False]):
        if holds and begun is None:
            begun = step
        elif not holds and begun is not None:
            path.append(f"M{begun} {top:g}H{step}v{height:g}H{begun}z")
            begun = None
    return Stroke(look, "".join(path))


def marks(counts: Sequence[int], look: str, height: float) -> Stroke:
    """An upright line in each step that counts anything."""
    return Stroke(look, "".join(f"M{step}.5 0V{height:g}" for step, count in enumerate(counts) if count))


def line(values: Sequence[float | None], low: float, high: float) -> Stroke:
    """A line through what is known, broken where a sensor said nothing for longer than it usually does."""
    spread, path = (high - low) or 1, []
    last, reach = -math.inf, reach_of(values)
    for step, value in enumerate(values):
        if value is None:
            continue
        y = LINE_HEIGHT - 6 - (value - low) / spread * (LINE_HEIGHT - 12)
        near = step - last <= reach
        path.append(f"{'L' if near else 'M'}{step}.5 {y:.3g}" + ("" if near else "h0"))
        last = step
    return Stroke("line", "".join(path))


def reach_of(values: Sequence[float | None]) -> float:
    """How many steps may pass between two figures that belong to one line."""
    known = [step for step, value in enumerate(values) if value is not None]
    gaps = [after - before for before, after in pairwise(known)]
    usual = statistics.median(gaps) if gaps else 1
    return usual if usual <= 1 else usual * PATIENCE


def axis(stretch: Stretch) -> list[Tick]:
    """Names of hours or days, evenly spread."""
    whole = (stretch.ends - stretch.begins).total_seconds()
    every = {1: 3, 3: 12, 7: 24, 31: 96}[stretch.days]
    found: list[Tick] = []
    moment = stretch.begins
    while moment < stretch.ends:
        local = timezone.localtime(moment)
        text = f"{local:%H:%M}" if stretch.days == 1 or local.hour else f"{local:%a} {local.day} {local:%b}"
        x = (moment - stretch.begins).total_seconds() / whole * AXIS
        found.append(Tick(f"{x:.1f}", text, len(found) % 2 == 1, local.date()))
        moment = timezone.make_aware(local.replace(tzinfo=None) + timedelta(hours=every))
    return found


def grid(stretch: Stretch) -> str:
    """A line at each name of the axis, as a path that is as high as any lane."""
    return "".join(f"M{float(one.x) / AXIS * stretch.span:g} 0V{LINE_HEIGHT}" for one in axis(stretch))


def now_at(stretch: Stretch) -> str:
    """Where the present is; empty outside."""
    place = (timezone.now() - stretch.begins) / stretch.step
    return f"{place:.2f}" if 0 <= place <= stretch.span else ""


@dataclass(frozen=True, slots=True)
class Frame:
    """What all lanes have in common."""

    width: str
    """A unit for each step."""
    grid: str
    now: str
    ticks: list[Tick]
    day_url: str
    """The page of a single day, to which the day is to be added; empty where a day is shown already."""


def frame(stretch: Stretch, day_url: str) -> Frame:
    """The frame of some days."""
    return Frame(
        f"{stretch.span:g}", grid(stretch), now_at(stretch), axis(stretch), day_url if stretch.days > 1 else ""
    )
