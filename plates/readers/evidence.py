"""How likely the best text of a place is right."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from numpy.typing import NDArray

from plates.readers.formats import Formats

if TYPE_CHECKING:
    from plates.readers.ranking import Crop

LENGTHS = {4: 0.3, 5: 0.6, 6: 1.0, 7: 1.0, 8: 0.8, 9: 0.2}
NO_FORMAT = 0.3
ONLY_DIGITS = 0.5


def prior(text: str, formats: Formats) -> float:
    chance = LENGTHS.get(len(text), 0.0)
    chance *= 1 if formats.fit(text) == text else NO_FORMAT
    return chance * (ONLY_DIGITS if text.isdigit() else 1)


@dataclass(frozen=True, slots=True)
class Evidence:
    best: float
    mean: float
    margin: float
    prior: float
    agreeing: float
    inside: bool
    score: float

    @classmethod
    def of(cls, text: str, chances: NDArray[Any], weighed: NDArray[Any], crops: Sequence[Crop], formats: Formats, inside: bool) -> Evidence:
        certain = [one.certainty for one, c in zip(crops, chances) if c == chances.max()][0]
        return cls(float(chances.max()), float(chances.mean()), float(weighed[0]/(weighed.sum()+1e-9)), prior(text, formats),
            sum(one.text == text for one in crops), inside, certain)

    def probability(self) -> float:
        return (0.15+.85*math.sqrt(self.best)) * (.5+.5*self.prior) * (.5+.5*self.margin)*(1 if self.inside else .9)
