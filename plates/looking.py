"""Where in a picture to look for plates, and one list of what was found there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from detections.picture import Box, Picture
from plates.readers.base import FoundPlate, PlateReader

Whole = Literal["never", "if_empty", "always"]
SAME_PLATE = 0.3
"""Two boxes that share this much of the smaller one are one plate."""


def read_picture(reader: PlateReader, picture: Picture, vehicle_boxes: Sequence[Box], whole: Whole) -> list[FoundPlate]:
    """The plates of a picture, best first, each once; raises `UnreadablePicture`.

    `whole` says when the whole picture is searched too: never, only if no vehicle showed a plate, or always.
    """
    found = reader.read_boxes(picture, vehicle_boxes) if vehicle_boxes else []
    if whole == "always" or (whole == "if_empty" and not found):
        found = [*found, *reader.read_whole(picture)]
    return distinct(found)


def distinct(plates: Iterable[FoundPlate]) -> list[FoundPlate]:
    """The plates, best first, without those that repeat the text or overlap the box of a better one."""
    kept: list[FoundPlate] = []
    for plate in sorted(plates, key=lambda one: -one.confidence):
        if not any(plate.text == other.text or shared(plate.box, other.box) > SAME_PLATE for other in kept):
            kept.append(plate)
    return kept


def shared(one: Box, other: Box) -> float:
    """The area that two boxes share, as a fraction of the smaller one's."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    smaller = min((box[2] - box[0]) * (box[3] - box[1]) for box in (one, other))
    return width * height / smaller if width > 0 and height > 0 and smaller > 0 else 0.0
