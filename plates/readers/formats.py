"""What plates look like: patterns of letters (L) and digits (N) in current use, by region.

From the registration plate articles of Wikipedia, one by country or US state; personalised plates match none of them,
so a pattern is evidence in favour of a reading, and a reading without one is only trusted less.
"""

from __future__ import annotations

from collections.abc import Sequence

PATTERNS = {
    # Before 2018, and the Mercosul plate since then.
    "br": "LLLNNNN LLLNLNN",
    # AT BE CZ DE DK EE ES FI FR GB GR HR HU IE IT LT LU LV NL NO PL PT RO SE SI SK UA, without separators.
    "eu": (
        "LLNNNLL LLNNLLL NNNNLLL LNLNNNN LNNNNNN NLNNNNN NLLNNNN LLLNNN LLLNNNN LLNNNNN LLNNNN LLNNNL LLNNLL LNNNLL "
        "LNNNNLL LLNNNNLL LLLNNL LLLNNLL LLLNNLLL LNNNLLL NLLLNNN NNNLLL LLNNLNN LLNNNNL LLNLNNN LLLLNNN "
        "LLNNNNNN LLLLNNNN NNLLNN NNLLLN NNNNLL LLLLNN"
    ),
    # The states' current passenger series and those that they replaced.
    "us": (
        "NLLLNNN LLLNNNN LLLNNN NNNLLL LLNLNL LLLLNN LLLNLN LNNLLL NNNNLL LLNNNN LLNNNNN LNNNNN LNNNNNN NLLNNNN NLLNNN "
        "NLNNNN NLNNNNN NLLLNN NNNNNN NNNNNNN LNNNLL LNNNNL LNNNLLL NNLNNN NNLNNNN NNNLLLN NNNNNNL LLLNNL LLNNN NNNNN "
        "NNNLL LLNNLL LNLLL NNNLLLL"
    ),
}
_LETTER_AS_DIGIT = {"O": "0", "I": "1"}
_DIGIT_AS_LETTER = {digit: letter for letter, digit in _LETTER_AS_DIGIT.items()}


class Formats:
    """The patterns of some regions, ready for matching."""

    def __init__(self, regions: Sequence[str]) -> None:
        self._by_length: dict[int, list[str]] = {}
        for pattern in dict.fromkeys(pattern for region in regions for pattern in PATTERNS[region].split()):
            self._by_length.setdefault(len(pattern), []).append(pattern)

    def fit(self, text: str) -> str | None:
        """`text` as the pattern writes it that needs the fewest exchanges of O for 0 and I for 1, or None."""
        fitted = [one for pattern in self._by_length.get(len(text), ()) if (one := _write(text, pattern)) is not None]
        return min(fitted, key=lambda one: sum(a != b for a, b in zip(one, text, strict=True)), default=None)


def _write(text: str, pattern: str) -> str | None:
    characters = []
    for character, kind in zip(text, pattern, strict=True):
        right = character.isalpha() if kind == "L" else character.isdigit()
        other = _DIGIT_AS_LETTER if kind == "L" else _LETTER_AS_DIGIT
        if not right and character not in other:
            return None
        characters.append(character if right else other[character])
    return "".join(characters)
