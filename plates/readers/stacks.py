"""Plates of two lines, as motorcycles and square plates have them: which lines are one, and both readings as one."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from plates.readers.ctc import ALPHABET, BLANK
from plates.readers.formats import Formats
from plates.readers.lines import MOST_TILT, Line, around
from plates.readers.ranking import Crop, crop
from plates.readers.text_recognition import Reading
from plates.text import normalise

LEAST_ROW, MOST_ROW = 0.9, 6.0
"""Width of one line over its height: two letters and more."""
LEAST_HEIGHT, LEAST_WIDTH, LEAST_SHARED = 0.65, 0.35, 0.8
"""The lower height over the higher, the narrower width over the wider, and what of the narrower one they share."""
CLOSEST, FARTHEST = 0.7, 1.7
"""Distance of the middles over the mean height."""
LEAST_OF_A_ROW = 2
"""Characters."""


@dataclass(frozen=True, slots=True)
class Stack:
    """Two lines, one above the other."""

    top: Line
    bottom: Line

    def outline(self) -> Line:
        """The line around both."""
        return around([self.top, self.bottom])


def stacked(lines: Sequence[Line]) -> list[Stack]:
    """The pairs that may be one plate's two lines, the surest first."""
    rows = [line for line in lines if _may_be_row(line)]
    pairs = [Stack(top, bottom) for top in rows for bottom in rows if top.y < bottom.y and _follows(top, bottom)]
    return sorted(pairs, key=lambda pair: -(pair.top.score + pair.bottom.score))


def stacked_crop(stack: Stack, top: Reading, bottom: Reading, formats: Formats) -> Crop | None:
    """Both readings as one, or None where they do not look like a plate together.

    Only a text of a known format counts: any two lines of writing can be joined, and hardly any make one.
    """
    if min(len(normalise(row.text)) for row in (top, bottom)) < LEAST_OF_A_ROW:
        return None
    apart = np.zeros((1, len(ALPHABET) + 1), np.float32)
    apart[0, BLANK] = 1
    both = Reading(
        f"{top.text} {bottom.text}",
        (*top.certainties, 1.0, *bottom.certainties),
        np.concatenate([top.steps, apart, bottom.steps]),
    )
    found = crop(both, stack.outline())
    return found if found is not None and formats.fit(found.text) is not None else None


def _may_be_row(line: Line) -> bool:
    return LEAST_ROW <= line.width / max(line.height, 1e-6) <= MOST_ROW and abs(line.tilt) <= MOST_TILT


def _follows(top: Line, bottom: Line) -> bool:
    """Whether `bottom` lies just below `top`, as high, as wide or nearly, and not to the side of it."""
    narrow, wide = sorted((top.width, bottom.width))
    low, high = sorted((top.height, bottom.height))
    if low < LEAST_HEIGHT * high or narrow < LEAST_WIDTH * wide:
        return False
    angle = math.radians(top.tilt if top.width > bottom.width else bottom.tilt)
    dx, dy = bottom.x - top.x, bottom.y - top.y
    along, down = dx * math.cos(angle) + dy * math.sin(angle), dy * math.cos(angle) - dx * math.sin(angle)
    shared = min(narrow, (narrow + wide) / 2 - abs(along))
    return shared >= LEAST_SHARED * narrow and CLOSEST <= 2 * down / (low + high) <= FARTHEST
