"""The contract of object detection backends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from detections.picture import Box, Picture

DEFAULT_MIN_SCORE = 0.25


@dataclass(frozen=True, slots=True)
class FoundObject:
    """One object: COCO-80 label, score 0..1, box in pixels of the whole picture, clipped to it."""

    label: str
    score: float
    box: Box


class Detector(Protocol):
    """A loaded model. Not thread-safe; one a process."""

    name: str
    version: str
    """The first 12 digits of the SHA-256 of the model's source file; for INT8, `-int8-` and a digest follow."""

    def detect(self, picture: Picture, min_score: float = DEFAULT_MIN_SCORE) -> list[FoundObject]:
        """The objects found at `min_score` or better, best first; raises `UnreadablePicture`."""
        ...
