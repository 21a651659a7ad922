"""A reading as merging and matching see it: plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from detections.picture import Box
from plates.models import PlateReading
from plates.text import normalise

MOST_CANDIDATES = 5
MOST_CHARACTERS = 16


@dataclass(frozen=True, slots=True)
class Seen:
    """One reading of one picture. `seen` is what the reader took it for; `text` is that, or what people said."""

    pk: int
    image_id: int
    at: datetime
    box: Box
    seen: str
    text: str
    confidence: float
    candidates: tuple[tuple[str, float], ...] = ()
    """Texts with their confidences, best first."""
    characters: tuple[dict[str, float], ...] = ()
    """What may stand at each place of `seen`, with probabilities; empty where the reader does not tell."""
    corrected: bool = False
    sighting_id: int | None = None
    plate_id: int | None = None

    @property
    def width(self) -> float:
        """Of the plate, in pixels."""
        return self.box[2] - self.box[0]


def seen(row: PlateReading) -> Seen:
    """The values of a row."""
    corrected = row.corrected_at is not None
    read = own_text(row) if corrected else row.text
    characters = tuple({str(one): float(share) for one, share in place} for place in row.characters or ())
    return Seen(
        pk=row.pk,
        image_id=row.image_id,
        at=row.at,
        box=row.box,
        seen=read,
        text=row.text,
        confidence=min(max(row.confidence, 0.0), 1.0),
        candidates=candidates(row),
        characters=characters if len(characters) == len(read) else (),
        corrected=corrected,
        sighting_id=row.sighting_id,
        plate_id=row.plate_id,
    )


def own_text(row: PlateReading) -> str:
    """What the reader took a reading for, whatever people said since: its first candidate, else its raw text.

    The two differ where the formats of plates spoke against a character, or another look at the plate did.
    """
    listed = row.candidates if isinstance(row.candidates, list) else []
    first = listed[0] if listed and isinstance(listed[0], dict) else {}
    return normalise(str(first.get("text") or row.raw_text))[:MOST_CHARACTERS] or row.text


def candidates(row: PlateReading) -> tuple[tuple[str, float], ...]:
    """The texts that a reading considered, best first, with their confidences; whatever else is there is left out."""
    found = [one for one in row.candidates or () if isinstance(one, dict) and one.get("text")]
    pairs = [(str(one["text"])[:MOST_CHARACTERS], float(one.get("confidence") or 0)) for one in found]
    return tuple(sorted(pairs, key=lambda pair: -pair[1])[:MOST_CANDIDATES])
