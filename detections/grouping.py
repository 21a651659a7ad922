"""Several labels of one thing, such as car and truck on one box: which boxes are one thing, and what it is called.

Detectors look for each label by itself, so that one vehicle may come out as a car and, less surely, as a truck. All of
it is stored; what is shown and counted is each thing once. docs/decisions/things.md has the figures behind
`SAME_THING`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

from detections.picture import Box

SAME_THING = 0.7
"""Boxes of one family that share so much (intersection over union) are one thing."""

FAMILIES = {
    **dict.fromkeys(("bicycle", "car", "motorcycle", "airplane", "bus", "train", "truck", "boat"), "vehicle"),
    **dict.fromkeys(("bird", "cat", "dog", "horse", "sheep", "cow", "elephant", "bear", "zebra", "giraffe"), "animal"),
}
"""Labels that detectors take for one another. All others stand alone: a person on a chair is two things."""


class Boxed(Protocol):
    """What has a label and a box: a row that is stored, or what a detector found."""

    @property
    def label(self) -> str:
        """COCO's name."""
        ...

    @property
    def box(self) -> Box:
        """x1, y1, x2, y2 in pixels."""
        ...


T = TypeVar("T", bound=Boxed)


@dataclass(slots=True)
class Thing(Generic[T]):
    """One thing: the surest of its boxes, which names it, and the others."""

    best: T
    others: list[T] = field(default_factory=list)

    @property
    def also(self) -> tuple[str, ...]:
        """What else it could be, the surest first."""
        return tuple(dict.fromkeys(one.label for one in self.others if one.label != self.best.label))

    @property
    def name(self) -> str:
        """What it is called: `car or truck`."""
        return " or ".join((self.best.label, *self.also))


def things(found: Iterable[T]) -> list[Thing[T]]:
    """The things that boxes, best first, show; best first too."""
    grouped: list[Thing[T]] = []
    for one in found:
        same = next((thing for thing in grouped if is_same(thing.best, one)), None)
        if same:
            same.others.append(one)
        else:
            grouped.append(Thing(one))
    return grouped


def shadowed(found: Sequence[Boxed]) -> list[bool]:
    """For every box, best first, whether a better one names its thing."""
    named = {id(thing.best) for thing in things(found)}
    return [id(one) not in named for one in found]


def counts(found: Iterable[Boxed]) -> Counter[str]:
    """How many things there are of each label in a picture, from its boxes, best first."""
    return Counter(thing.best.label for thing in things(found))


def is_same(one: Boxed, other: Boxed) -> bool:
    """Whether two boxes show one thing."""
    family = FAMILIES.get(one.label)
    return family is not None and family == FAMILIES.get(other.label) and overlap(one.box, other.box) >= SAME_THING


def overlap(one: Box, other: Box) -> float:
    """What two boxes share, as a fraction of what they cover together (intersection over union)."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    if width <= 0 or height <= 0:
        return 0.0
    areas = sum((box[2] - box[0]) * (box[3] - box[1]) for box in (one, other))
    return width * height / (areas - width * height)
