"""Which of the things that a detector found a camera wants: by label, score, size and place. What is not wanted is not
stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from detections.detectors.base import FoundObject
from detections.picture import Box

Point: TypeAlias = Sequence[float]
"""x and y as shares of the picture's width and height."""
Polygon: TypeAlias = Sequence[Point]

TOUCHES = 1e-9
"""So close to a line counts as on it: shares of a picture, far below a pixel."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a camera wants; without arguments everything."""

    labels: frozenset[str] = frozenset()
    """None: all."""
    floor: float = 0.0
    """Nothing weaker is kept, whatever the scores below say."""
    score: float | None = None
    scores: Mapping[str, float] = field(default_factory=dict)
    """Least scores of their own for some labels, instead of `score`."""
    min_share: float = 0.0
    """Of the picture's area, 0 to 1; as is `max_share`."""
    max_share: float = 1.0
    include: Sequence[Polygon] = ()
    """Where there are any, a thing has to be in one of them."""
    ignore: Sequence[Polygon] = ()

    def least_score(self, label: str) -> float:
        """The score from which on things of a label are kept."""
        return max(self.floor, self.scores.get(label, self.score or 0.0))


def wanted(found: Sequence[FoundObject], wants: Wanted, width: int, height: int) -> list[FoundObject]:
    """The things that are wanted, in their order; boxes are in the pixels of a picture of that width and height."""
    return [thing for thing in found if is_wanted(thing, wants, width, height)]


def is_wanted(thing: FoundObject, wants: Wanted, width: int, height: int) -> bool:
    """Whether one thing is."""
    if wants.labels and thing.label not in wants.labels:
        return False
    if thing.score < wants.least_score(thing.label):
        return False
    x1, y1, x2, y2 = thing.box
    if not wants.min_share <= (x2 - x1) * (y2 - y1) / (width * height) <= wants.max_share:
        return False
    foot = foot_of(thing.box, width, height)
    if wants.include and not any(is_inside(foot, zone) for zone in wants.include):
        return False
    return not any(is_inside(foot, zone) for zone in wants.ignore)


def foot_of(box: Box, width: int, height: int) -> tuple[float, float]:
    """Where a thing is: the middle of its box's bottom edge, where it stands on the ground, as shares of the picture.

    Frigate counts so too (https://docs.frigate.video/configuration/zones/): the middle of the whole box would put a
    tall thing behind where it stands.
    """
    x1, _, x2, y2 = box
    return (x1 + x2) / 2 / width, y2 / height


def is_inside(point: Point, zone: Polygon) -> bool:
    """Whether a point lies in a polygon or on its edge, for a thing that the picture's edge cuts stands on that edge.

    By the even-odd rule: a line from the point to the right crosses the polygon's edges an odd number of times.
    """
    x, y = point
    inside = False
    for (x1, y1), (x2, y2) in zip(zone, [*zone[1:], *zone[:1]], strict=True):
        if (y1 < y - TOUCHES and y2 < y - TOUCHES) or (y1 > y + TOUCHES and y2 > y + TOUCHES):
            continue  # all of the edge is above the point, or below
        if _touches(point, (x1, y1), (x2, y2)):
            return True
        if (y1 > y) != (y2 > y) and x < x1 + (y - y1) * (x2 - x1) / (y2 - y1):
            inside = not inside
    return inside


def _touches(point: Point, start: Point, end: Point) -> bool:
    (x, y), (x1, y1), (x2, y2) = point, start, end
    aside = (x2 - x1) * (y - y1) - (y2 - y1) * (x - x1)
    return abs(aside) <= TOUCHES and min(x1, x2) - TOUCHES <= x <= max(x1, x2) + TOUCHES
