"""Plates cut out of their pictures."""

from __future__ import annotations

import math
from dataclasses import dataclass

from ingest.cutting import Box
from plates.models import PlateReading

MARGIN = 0.35
"""Of the plate's height, left around it."""


@dataclass(frozen=True, slots=True)
class Crop:
    """The part of a reading's picture that shows the plate."""

    reading: PlateReading
    box: Box

    @property
    def width(self) -> int:
        """Pixels."""
        return self.box[2] - self.box[0]

    @property
    def height(self) -> int:
        """Pixels."""
        return self.box[3] - self.box[1]


def crop(reading: PlateReading) -> Crop | None:
    """What shows the plate of a reading; None where the picture cannot be shown."""
    image = reading.image
    if not image.width or not image.height:
        return None
    margin = MARGIN * max(reading.y2 - reading.y1, 1.0)
    left, top = (max(math.floor(edge - margin), 0) for edge in (reading.x1, reading.y1))
    right, bottom = min(math.ceil(reading.x2 + margin), image.width), min(math.ceil(reading.y2 + margin), image.height)
    return Crop(reading, (left, top, right, bottom)) if right > left and bottom > top else None
