"""The contract of plate reading backends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from detections.picture import Box, Picture

CLOUD_READER = "platerecognizer"
"""The reader of readings that a paid service made: they stay when plates are read anew here."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One text that the reader considered, in normal form, with its confidence 0..1."""

    text: str
    confidence: float


Choices: TypeAlias = tuple[tuple[str, float], ...]
"""What may stand at one position of a text: characters in normal form with their probabilities, at most 3, best first.

The probabilities are the reader's own. What lacks to 1 belongs to other characters; O and 0, and I and 1, which most
plates draw alike, may each have the probability of both.
"""


@dataclass(frozen=True, slots=True)
class FoundPlate:
    """One number plate: text in normal form (A-Z0-9), the text as read, confidence 0..1, box in pixels, candidates."""

    text: str
    raw_text: str
    confidence: float
    box: Box
    candidates: tuple[Candidate, ...]
    """Best first; the first is `text` itself."""
    characters: tuple[Choices, ...] = ()
    """One entry a character of `text`, in its order; empty where the reader does not tell.

    `text` is weighed as a whole, with plates' formats, so that its character may come second at a position.
    """


class PlateReader(Protocol):
    """A loaded reader. Not thread-safe; one a process."""

    name: str
    version: str
    """The first 12 digits of the SHA-256 over its model files."""

    def expect(self, regions: Sequence[str]) -> None:
        """Whose plates are likely, from now on: names of regions in formats.json; raises `KeyError` for another."""
        ...

    def read_boxes(self, picture: Picture, boxes: Sequence[Box]) -> list[FoundPlate]:
        """Plates inside vehicle boxes, best first, at most one a box; raises `UnreadablePicture`."""
        ...

    def read_whole(self, picture: Picture) -> list[FoundPlate]:
        """Plates anywhere in the picture, best first; raises `UnreadablePicture`."""
        ...
