"""What the two backends of TensorFlow's SSD MobileNet v2 have in common."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from detections.detectors.base import FoundObject
from detections.picture import Picture, Pixels

SIDE = 300
"""Width and height of the network's input, in pixels."""


def network_input(picture: Picture) -> Pixels:
    """The whole picture squeezed to 300x300 BGR, as `cv2.dnn.blobFromImage` does it.

    It starts from the full decoding: from pictures decoded at half size, or averaged, boxes and scores come out
    different from plain cv2.dnn (docs/models.md has the figures).
    """
    import cv2

    return np.asarray(cv2.resize(picture.full(), (SIDE, SIDE), interpolation=cv2.INTER_LINEAR), np.uint8)


def found_objects(
    rows: NDArray[np.float32], names: Mapping[int, str], picture: Picture, min_score: float
) -> list[FoundObject]:
    """The network's rows at `min_score` or better as objects, best first.

    `rows` has shape (n, 7): image id (negative ends the list), class, score, x1, y1, x2, y2 as fractions. A class
    without a name is left out, as is a box that lies outside the picture.
    """
    ends = np.flatnonzero(rows[:, 0] < 0)
    kept = rows[: ends[0]] if len(ends) else rows
    size = np.array([picture.width, picture.height] * 2, np.float64)
    found = []
    for _, number, score, *corners in kept[kept[:, 2] >= min_score]:
        x1, y1, x2, y2 = (np.clip(corners, 0, 1) * size).tolist()
        if int(number) in names and x2 > x1 and y2 > y1:
            found.append(FoundObject(names[int(number)], min(float(score), 1.0), (x1, y1, x2, y2)))
    return sorted(found, key=lambda item: -item.score)
