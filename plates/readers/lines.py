"""Lines of text as tilted rectangles: which belong together, which may be a plate, and their pixels set upright."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from detections.picture import Box, Pixels

LEAST_ASPECT, MOST_ASPECT = 1.6, 9.0
MOST_TILT = 35.0
"""Degrees; plates are nearly level in any picture of a road."""


@dataclass(frozen=True, slots=True)
class Line:
    """A rectangle around text: centre, width along the text, height, all in pixels; tilt in degrees, clockwise."""

    x: float
    y: float
    width: float
    height: float
    tilt: float
    score: float
    """How sure the text detector is, 0..1."""

    def corners(self) -> NDArray[np.float32]:
        """Shape (4, 2): top left, top right, bottom right, bottom left, as seen along the text."""
        along = np.array([math.cos(math.radians(self.tilt)), math.sin(math.radians(self.tilt))])
        down = np.array([-along[1], along[0]])
        half, tall = along * self.width / 2, down * self.height / 2
        centre = np.array([self.x, self.y])
        return np.array(
            [centre - half - tall, centre + half - tall, centre + half + tall, centre - half + tall], np.float32
        )

    def box(self) -> Box:
        """The upright box around it."""
        corners = self.corners()
        (x1, y1), (x2, y2) = corners.min(0).tolist(), corners.max(0).tolist()
        return x1, y1, x2, y2

    def moved(self, scale: float, x: float, y: float) -> Line:
        """The same line in other coordinates: shrunk by `scale`, then shifted by `x`, `y`."""
        return replace(
            self, x=self.x / scale + x, y=self.y / scale + y, width=self.width / scale, height=self.height / scale
        )

    def may_be_plate(self) -> bool:
        """Whether shape and tilt are those of a plate's text."""
        return LEAST_ASPECT <= self.width / max(self.height, 1e-6) <= MOST_ASPECT and abs(self.tilt) <= MOST_TILT


def line_around(points: NDArray[np.float32], score: float) -> Line:
    """The smallest tilted rectangle around points of shape (n, 2), its longer side along the text."""
    (x, y), (width, height), tilt = cv2.minAreaRect(points)
    if width < height:
        width, height, tilt = height, width, tilt - 90
    return Line(x, y, width, height, (tilt + 90) % 180 - 90, score)


def joined(lines: Sequence[Line]) -> list[Line]:
    """The lines, and every row of neighbours as one line more: a space often cuts a plate into pieces."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda one: one.x):
        row = next((row for row in rows if _continues(row[-1], line)), None)
        if row is None:
            rows.append([line])
        else:
            row.append(line)
    whole = [around(row) for row in rows if len(row) > 1]
    return [*whole, *lines]


def different(lines: Iterable[Line]) -> list[Line]:
    """The lines in their order, without those that repeat an earlier one but for a few pixels."""
    kept: list[Line] = []
    for line in lines:
        if not any(_alike(line, other) for other in kept):
            kept.append(line)
    return kept


def _alike(one: Line, other: Line) -> bool:
    """Whether neither the ends nor the base lines differ by more than a tenth of the height."""
    return bool(np.abs(one.corners() - other.corners()).max() < 0.1 * max(one.height, other.height))


def around(row: Sequence[Line]) -> Line:
    """The smallest tilted rectangle around lines, its longer side along the text."""
    points = np.concatenate([line.corners() for line in row])
    return line_around(points, float(np.mean([line.score for line in row])))


def _continues(left: Line, right: Line) -> bool:
    """Whether `right` goes on where `left` ends: like in height and tilt, on one base line, at most a space apart."""
    taller = max(left.height, right.height)
    angle = math.radians(left.tilt if left.width > right.width else right.tilt)
    dx, dy = right.x - left.x, right.y - left.y
    along, across = dx * math.cos(angle) + dy * math.sin(angle), dy * math.cos(angle) - dx * math.sin(angle)
    gap = along - (left.width + right.width) / 2
    return (
        min(left.height, right.height) > 0.6 * taller and abs(across) < 0.35 * taller and -taller < gap < 1.2 * taller
    )


def upright(pixels: Pixels, line: Line, wider: float, taller: float, height: int) -> Pixels:
    """The line's pixels turned level, `height` pixels high; `wider` and `taller` grow (or shrink) it by a fraction."""
    grown = replace(line, width=line.width * (1 + wider), height=line.height * (1 + taller))
    width = max(1, round(height * grown.width / max(grown.height, 1e-6)))
    target = np.array([[0, 0], [width, 0], [width, height]], np.float32)
    turn = cv2.getAffineTransform(grown.corners()[:3], target)
    cut = cv2.warpAffine(pixels, turn, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(cut, np.uint8)
