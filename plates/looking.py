"""Where in a picture to look for plates, and one list of what was found there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Literal

from detections.picture import Box, Picture
from plates.readers.base import Candidate, FoundPlate, PlateReader

Whole = Literal["never", "if_empty", "always"]
OUTSIDE = 0.4
"""Factor for the confidence of a plate that lies on no vehicle of a picture that shows some."""
SAME_PLATE = 0.3
"""Two boxes that share this much of the smaller one are one plate."""


def read_picture(reader: PlateReader, picture: Picture, vehicle_boxes: Sequence[Box], whole: Whole) -> list[FoundPlate]:
    """The plates of a picture, best first, each once; raises `UnreadablePicture`.

    `whole` says when the whole picture is searched too: never, only if no vehicle showed a plate, or always.
    """
    found = reader.read_boxes(picture, vehicle_boxes) if vehicle_boxes else []
    if whole == "always" or (whole == "if_empty" and not found):
        found = [*found, *reader.read_whole(picture)]
    return distinct(_weighed(plate, vehicle_boxes) for plate in found)


def _weighed(plate: FoundPlate, vehicle_boxes: Sequence[Box]) -> FoundPlate:
    """The plate, trusted less where the picture shows vehicles and it is on none: signs and dates are."""
    x, y = (plate.box[0] + plate.box[2]) / 2, (plate.box[1] + plate.box[3]) / 2
    if not vehicle_boxes or any(x1 <= x <= x2 and y1 <= y <= y2 for x1, y1, x2, y2 in vehicle_boxes):
        return plate
    candidates = tuple(Candidate(one.text, one.confidence * OUTSIDE) for one in plate.candidates)
    return replace(plate, confidence=plate.confidence * OUTSIDE, candidates=candidates)


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
