"""How likely a reading is a number plate, and which of several readings of one plate to believe."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from plates.readers.base import Candidate, FoundPlate
from plates.readers.formats import Formats
from plates.readers.lines import Line
from plates.readers.text_recognition import Reading
from plates.text import normalise

SHORTEST, LONGEST = 4, 9
LEAST_CONFIDENCE = 0.35
NO_FORMAT = 0.8
"""Factor for a text that no pattern of the regions fits."""
ODD_LENGTH = 0.75
"""Factor for 4 and for 9 characters, which few plates have and many signs."""
ONLY_DIGITS = 0.85
"""Factor for a text without a letter: dates, times and telephone numbers are more frequent than such plates."""
CANDIDATES = 5


@dataclass(frozen=True, slots=True)
class Scored:
    """A reading that looks like a plate, and where it was read."""

    text: str
    raw_text: str
    confidence: float
    line: Line


def score(reading: Reading, line: Line, formats: Formats) -> Scored | None:
    """The reading with its confidence 0..1, or None for one that does not look like a plate.

    The confidence is the mean certainty of the characters that count, lowered for what plates seldom are. A text
    without any digit is a word on a vehicle or a sign far more often than a personal plate.
    """
    text = normalise(reading.text)
    if not SHORTEST <= len(text) <= LONGEST or not any(character.isdigit() for character in text):
        return None
    fitted = formats.fit(text)
    counted = [one for character, one in zip(reading.text, reading.certainties, strict=True) if normalise(character)]
    confidence = sum(counted) / len(counted)
    confidence *= 1 if fitted else NO_FORMAT
    confidence *= ODD_LENGTH if len(text) in (SHORTEST, LONGEST) else 1
    confidence *= ONLY_DIGITS if text.isdigit() else 1
    return Scored(fitted or text, reading.text, confidence, line) if confidence >= LEAST_CONFIDENCE else None


def best_plate(readings: Iterable[Scored]) -> FoundPlate | None:
    """One plate out of the readings of one place; the other texts become candidates."""
    ordered = sorted(readings, key=lambda one: -one.confidence)
    if not ordered:
        return None
    first = ordered[0]
    texts = {one.text: Candidate(one.text, one.confidence) for one in reversed(ordered)}
    candidates = sorted(texts.values(), key=lambda one: -one.confidence)[:CANDIDATES]
    return FoundPlate(first.text, first.raw_text, first.confidence, first.line.box(), tuple(candidates))
