"""Which of the texts that several crops of one place allow to believe, and how likely it is right."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from plates.looking import SAME_PLATE, shared
from plates.readers.base import Candidate, FoundPlate
from plates.readers.ctc import Steps, choices, likelihoods
from plates.readers.evidence import Evidence, prior
from plates.readers.formats import Formats
from plates.readers.lines import Line
from plates.readers.text_recognition import Reading
from plates.text import fold, normalise

CLOCK = re.compile(r"(?<![A-Za-z0-9])([0-2]?\d:[0-5]\d|20\d\d[-/.]?[01]\d[-/.]?[0-3]\d)(?![0-9])")
"""Times and dates, which cameras write into their pictures."""
SHORTEST, LONGEST = 4, 9
LEAST_CERTAINTY = 0.3
LEAST_CONFIDENCE = 0.1
CANDIDATES = 5
MOST_TEXTS = 24
UNSURE = 0.9
"""A character that is less sure is exchanged for the next likely one too."""
BEST_CROPS = 3
"""So many crops tell what may stand at each position."""


@dataclass(frozen=True, slots=True)
class Crop:
    """One reading of a line that looks like a plate: its text in normal form, and how sure its characters are."""

    text: str
    raw_text: str
    certainty: float
    line: Line
    steps: Steps


def crop(reading: Reading, line: Line) -> Crop | None:
    """The reading of a line, or None for one that does not look like a plate.

    A text without any digit is a word on a vehicle or a sign far more often than a personal plate.
    """
    text = normalise(reading.text)
    if not plausible(text) or CLOCK.search(reading.text):
        return None
    counted = [one for character, one in zip(reading.text, reading.certainties, strict=True) if normalise(character)]
    certainty = sum(counted) / len(counted)
    return Crop(text, reading.text, certainty, line, reading.steps) if certainty >= LEAST_CERTAINTY else None


def plausible(text: str) -> bool:
    """Whether a text in normal form may be a plate's at all."""
    return SHORTEST <= len(text) <= LONGEST and any(character.isdigit() for character in text)


def best_plate(crops: Sequence[Crop], formats: Formats, inside: bool = False) -> FoundPlate | None:
    """One plate out of the crops of one place; the other texts become candidates. `inside` a vehicle or not."""
    if not crops:
        return None
    texts = list(dict.fromkeys(text for one in crops for text in _texts(one, formats)))[:MOST_TEXTS]
    chances = likelihoods([one.steps for one in crops], texts)
    weighed = (np.sqrt(chances)).mean(0) * [prior(text, formats) for text in texts]
    order = np.argsort(-weighed, kind="stable")
    first = int(order[0])
    others = [weighed[at] for at in order if fold(texts[at]) != fold(texts[first])]
    lead = float(weighed[first] / max(max(others, default=0.0), 1e-9))
    votes = sum(fold(one.text) == fold(texts[first]) for one in crops)
    evidence = Evidence.of(chances[:, first].tolist(), lead, prior(texts[first], formats), votes, inside)
    confidence = evidence.probability()
    if confidence < LEAST_CONFIDENCE:
        return None
    share = weighed / max(weighed[first], 1e-12)
    candidates = tuple(Candidate(texts[at], confidence * float(share[at])) for at in order[:CANDIDATES])
    nearest = sorted(range(len(crops)), key=lambda at: -chances[at, first])[:BEST_CROPS]
    weights = [float(chances[at, first]) + 1e-9 for at in nearest]
    characters = choices([crops[at].steps for at in nearest], weights, texts[first])
    best = crops[nearest[0]]
    return FoundPlate(texts[first], best.raw_text, confidence, best.line.box(), candidates, characters)


def _texts(one: Crop, formats: Formats) -> list[str]:
    """The crop's text, what formats make of it, and both with an unsure character exchanged for the next likely one."""
    variants = [one.text]
    for position, may in enumerate(choices([one.steps], [1], one.text)):
        if may and may[0][1] < UNSURE:
            exchanged = (one.text[:position] + letter + one.text[position + 1 :] for letter, _ in may)
            variants += [text for text in exchanged if plausible(text)]
    fitted = [text for variant in variants if (text := formats.fit(variant)) is not None]
    return [*fitted, *variants]


def places(crops: Iterable[Crop]) -> list[list[Crop]]:
    """The crops grouped by where they lie, those of the surest text first."""
    found: list[list[Crop]] = []
    for one in sorted(crops, key=lambda one: -one.certainty):
        box = one.line.box()
        place = next((place for place in found if shared(place[0].line.box(), box) > SAME_PLATE), None)
        if place is None:
            found.append([one])
        else:
            place.append(one)
    return found
