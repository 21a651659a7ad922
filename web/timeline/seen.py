"""What happened step by step, as it was counted, whoever asks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

Counts = list[int]


class Row(NamedTuple):
    """Events of one step, node, camera, kind and unit: how many, and what their readings were."""

    step: int
    node: int
    camera: int | None
    kind: str
    unit: str
    n: int
    readings: int
    sum: float
    low: float
    high: float


class Series:
    """What one sensor said: the sum of its readings and their number, step by step."""

    def __init__(self, steps: int) -> None:
        self.sums, self.counts = [0.0] * steps, [0] * steps
        self.low, self.high = float("inf"), float("-inf")

    def add(self, row: Row) -> None:
        """Take in what the database says of one step."""
        self.sums[row.step] += row.sum
        self.counts[row.step] += row.readings
        self.low, self.high = min(self.low, row.low), max(self.high, row.high)

    @property
    def means(self) -> list[float | None]:
        """The mean of every step; None where it said nothing."""
        return [one / count if count else None for one, count in zip(self.sums, self.counts, strict=True)]


@dataclass(slots=True)
class Seen:
    """Everything of the stretch."""

    steps: int
    pictures: dict[int, Counts] = field(default_factory=dict)
    """By the camera's number, as are visits and, with their kind, events."""
    visits: dict[int, Counts] = field(default_factory=dict)
    events: dict[tuple[int, str], Counts] = field(default_factory=dict)
    restarts: dict[int, Counts] = field(default_factory=dict)
    heard: dict[int, Counts] = field(default_factory=dict)
    """By the node's number: whatever came of it."""
    noted: dict[tuple[int, str], Counts] = field(default_factory=dict)
    """By the node's number and one of NOTED."""
    sensors: dict[tuple[int, str, str], Series] = field(default_factory=dict)
    """By the node's number, kind and unit."""

    def add(self, where: dict[Any, Counts], key: Any, step: int, number: int) -> None:
        """Count, unless the step lies outside."""
        if 0 <= step < self.steps:
            where.setdefault(key, [0] * self.steps)[step] += number


def total(counts: Iterable[Counts], steps: int) -> Counts:
    """Several counts added step by step."""
    found = [0] * steps
    for one in counts:
        found = [a + b for a, b in zip(found, one, strict=True)]
    return found


def kinds(seen: Seen, camera: int) -> dict[str, Counts]:
    """What a camera reported, by kind, the most frequent first."""
    own = {kind: counts for (number, kind), counts in seen.events.items() if number == camera}
    return dict(sorted(own.items(), key=lambda one: (-sum(one[1]), one[0])))


def sensors_by_node(seen: Seen) -> dict[int, list[tuple[str, str, Series]]]:
    """The sensors of each node, by kind."""
    found: dict[int, list[tuple[str, str, Series]]] = defaultdict(list)
    for (node, kind, unit), series in sorted(seen.sensors.items(), key=lambda one: (one[0][1].lower(), one[0])):
        found[node].append((kind, unit, series))
    return found
