"""What the families of ONNX models have in common after inference: rows of objects, each thing named once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detections.detectors.base import FoundObject
from detections.picture import Picture


@dataclass(frozen=True, slots=True)
class Rows:
    """n objects: class numbers (n,), scores 0..1 (n,), boxes x1, y1, x2, y2 in pixels of the picture (n, 4)."""

    classes: NDArray[np.int64]
    scores: NDArray[np.float32]
    boxes: NDArray[np.float32]

    def chosen(self, which: NDArray[Any]) -> Rows:
        """Those rows alone: by truth values, shape (n,), or by numbers."""
        return Rows(self.classes[which], self.scores[which], self.boxes[which])


def corners(centres: NDArray[np.float32]) -> NDArray[np.float32]:
    """Boxes as x1, y1, x2, y2 from boxes as centre x, centre y, width, height; shape (n, 4) both."""
    half = centres[:, 2:] / 2
    return np.concatenate([centres[:, :2] - half, centres[:, :2] + half], axis=1)


def suppressed(rows: Rows, overlap: float) -> Rows:
    """Without those that cover a better one of the same class by more than `overlap` (intersection over union)."""
    import cv2

    rows = rows.chosen(np.flatnonzero(np.isfinite(rows.boxes).all(axis=1)))
    corner_and_size: Any = np.concatenate([rows.boxes[:, :2], rows.boxes[:, 2:] - rows.boxes[:, :2]], axis=1)
    scores: Any = rows.scores
    classes: Any = rows.classes.astype(np.int32)
    kept = cv2.dnn.NMSBoxesBatched(corner_and_size.astype(np.float64), scores, classes, -1.0, overlap)
    return rows.chosen(np.asarray(kept, np.intp).reshape(-1))


def named(rows: Rows, labels: Sequence[str], picture: Picture) -> list[FoundObject]:
    """The rows as objects, best first, their boxes clipped to the picture; one that lies outside is left out.

    Raises `IndexError` for a class that has no label.
    """
    if len(rows.classes) and not 0 <= rows.classes.min() <= rows.classes.max() < len(labels):
        raise IndexError("a class without a label")
    size = np.array([picture.width, picture.height] * 2, np.float64)
    found = []
    for number, score, box in zip(rows.classes, rows.scores, rows.boxes, strict=True):
        x1, y1, x2, y2 = np.clip(box.astype(np.float64), 0, size).tolist()
        if x2 > x1 and y2 > y1:  # so is one that is no number
            found.append(FoundObject(labels[int(number)], min(float(score), 1.0), (x1, y1, x2, y2)))
    return sorted(found, key=lambda item: -item.score)
