"""How likely the best text of a place is right: a logistic model of what speaks for it.

Its weights were fitted to labelled photos; docs/decisions/plate-reading.md has how, and how well it is calibrated.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import astuple, dataclass

from plates.readers.formats import Formats

LENGTHS = {4: 0.3, 5: 0.6, 6: 1.0, 7: 1.0, 8: 0.8, 9: 0.2}
"""How much less a text of so many characters is expected than one of 6 or 7, which most plates have."""
NO_FORMAT = 0.3
"""Factor for a text that no pattern of the regions fits."""
ONLY_DIGITS = 0.2
"""Factor for a text without a letter: dates, times and telephone numbers are more frequent than such plates."""
LEAST_CHANCE = 1e-4
WEIGHTS = (0.68, 0.35, 0.51, 1.4, 0.33, 0.46)
CONSTANT = 0.4


def prior(text: str, formats: Formats) -> float:
    """How much a plate's text is expected before anything was read, as a factor up to 1."""
    chance = LENGTHS.get(len(text), 0.0)
    chance *= 1 if formats.fit(text) == text else NO_FORMAT
    return chance * (ONLY_DIGITS if text.isdigit() else 1)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of a place's best text; each figure grows with how likely it is right."""

    surest: float
    """Logarithm of its probability under the crop that favours it most."""
    agreed: float
    """Logarithm of the mean over all crops, square roots taken, as the texts are weighed."""
    lead: float
    """Logarithm of how many times it weighs what the next text of another look weighs."""
    expected: float
    """Logarithm of its prior."""
    votes: float
    """Logarithm of how many crops say it by themselves, plus one."""
    inside: float
    """1 for a text in a vehicle's box, otherwise 0."""

    @classmethod
    def of(cls, chances: Sequence[float], lead: float, expected: float, votes: int, inside: bool) -> Evidence:
        """From the text's probabilities under the crops, its lead over the next, its prior, and its votes."""
        agreed = sum(math.sqrt(one) for one in chances) / len(chances)
        return cls(
            _log(max(chances)),
            _log(agreed),
            math.log(min(max(lead, 1.0), 100.0)),
            _log(expected),
            math.log1p(votes),
            float(inside),
        )

    def probability(self) -> float:
        """How likely the text is right, 0..1."""
        total = CONSTANT + sum(weight * figure for weight, figure in zip(WEIGHTS, astuple(self), strict=True))
        return 1 / (1 + math.exp(-total))


def _log(chance: float) -> float:
    return math.log(max(chance, LEAST_CHANCE))
