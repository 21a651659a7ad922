"""What the two backends of TensorFlow's SSD MobileNet v2 have in common."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from detections.detectors.base import FoundObject
from detections.picture import Box, Picture, Pixels

SIDE = 300
"""Width and height of the network's input, in pixels."""
LONG_SIDE = 600
"""Pictures are decoded at half size or less while their longer side keeps so many pixels: twice the network's input and
about the size of the photos that it was trained on. docs/models.md has what was measured."""


def network_input(picture: Picture) -> Pixels:
    """The whole picture squeezed to 300x300 BGR, as `cv2.dnn.blobFromImage` does it."""
    import cv2

    pixels = picture.at_least(SIDE, SIDE, LONG_SIDE)
    return np.asarray(cv2.resize(pixels, (SIDE, SIDE), interpolation=cv2.INTER_LINEAR), np.uint8)


def found_objects(
    rows: NDArray[np.float32], names: Mapping[int, str], picture: Picture, min_score: float
) -> list[FoundObject]:
    """The network's rows at `min_score` or better as objects, best first.

    `rows` is as for `found_boxes`. A class without a name is left out.
    """
    found = [
        FoundObject(names[number], min(score, 1.0), box)
        for number, score, box in found_boxes(rows, picture.width, picture.height, min_score)
        if number in names
    ]
    return sorted(found, key=lambda item: -item.score)


def found_boxes(
    rows: NDArray[np.float32], width: int, height: int, min_score: float = 0.0
) -> Iterator[tuple[int, float, Box]]:
    """Class, score and box of the network's rows at `min_score` or better, boxes in a picture of that size.

    `rows` has shape (n, 7): image id (negative ends the list), class, score, x1, y1, x2, y2 as fractions. A box that
    lies outside the picture is left out.
    """
    ends = np.flatnonzero(rows[:, 0] < 0)
    kept = rows[: ends[0]] if len(ends) else rows
    size = np.array([width, height] * 2, np.float64)
    for _, number, score, *corners in kept[kept[:, 2] >= min_score]:
        x1, y1, x2, y2 = (np.clip(corners, 0, 1) * size).tolist()
        if x2 > x1 and y2 > y1:
            yield int(number), float(score), (x1, y1, x2, y2)
