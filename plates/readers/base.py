"""The contract of plate reading backends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from detections.picture import Box, Picture


CLOUD_READER = "platerecognizer"
"""The reader of readings that a paid service made: they stay when plates are read anew here."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One text that the reader considered, in normal form, with its confidence 0..1."""

    text: str
    confidence: float


@dataclass(frozen=True, slots=True)
class FoundPlate:
    """One number plate: text in normal form (A-Z0-9), the text as read, confidence 0..1, box in pixels, candidates."""

    text: str
    raw_text: str
    confidence: float
    box: Box
    candidates: tuple[Candidate, ...]
    """Best first; the first is `text` itself."""


class PlateReader(Protocol):
    """A loaded reader. Not thread-safe; one a process."""

    name: str
    version: str
    """The first 12 digits of the SHA-256 over its model files."""

    def read_boxes(self, picture: Picture, boxes: Sequence[Box]) -> list[FoundPlate]:
        """Plates inside vehicle boxes, best first, at most one a box; raises `UnreadablePicture`."""
        ...

    def read_whole(self, picture: Picture) -> list[FoundPlate]:
        """Plates anywhere in the picture, best first; raises `UnreadablePicture`."""
        ...
