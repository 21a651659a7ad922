"""What plates look like: patterns of letters (L) and digits (N) in current use, by region.

formats.json has them by region, with the public articles that they are from. Personalised plates match none of them,
so a pattern is evidence in favour of a reading, and a reading without one is only trusted less.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

_FILE = Path(__file__).with_name("formats.json")
KNOWN: dict[str, dict[str, Any]] = json.loads(_FILE.read_text(encoding="utf-8"))
"""By region: `what` it covers, the `sources`, and the `patterns`."""
PATTERNS: dict[str, tuple[str, ...]] = {region: tuple(known["patterns"]) for region, known in KNOWN.items()}
_LETTER_AS_DIGIT = {"O": "0", "I": "1"}
_DIGIT_AS_LETTER = {digit: letter for letter, digit in _LETTER_AS_DIGIT.items()}


class Formats:
    """The patterns of some regions, ready for matching."""

    def __init__(self, regions: Sequence[str]) -> None:
        self._by_length: dict[int, list[str]] = {}
        for pattern in dict.fromkeys(pattern for region in regions for pattern in PATTERNS[region]):
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
