"""How alike two plate texts are: an edit distance in which characters that look alike cost less.

Which characters are mistaken for each other is published: Genetec's “OCR equivalent characters” (Security Center
Administrator Guide 5.12, ALPR matcher technique: 0ODQ, 1I, 2Z, 5S, 8B, 6G), and the longer lists in papers on plate
reading, such as the pairs (A,4), (P,R), (3,8), (C,G), (X,K), (E,F), (U,V), (V,W), (5,8), (6,8) and (8,0) that surveys
name. How much each costs is not: the figures here are ours, in three steps, with 1 for any other edit.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import combinations

from plates.text import CONFUSABLE

SAME_SHAPE = 0.1
"""O and 0, I and 1: many countries' plates show no difference."""
LOOK_ALIKE = 0.3
"""Of one group of `plates.text.CONFUSABLE`."""
SIMILAR = 0.7
"""Mistaken now and then. More than half of an edit, so that two of them are beyond any match: `matching` searches by
keys that allow one edit outside of the groups."""
OTHER = 1.0
"""Any other character, one too many or one too few."""

_COSTS = {
    **dict.fromkeys(
        (frozenset(pair) for pair in ("PR", "38", "CG", "KX", "EF", "UV", "VW", "58", "68", "08")), SIMILAR
    ),
    **{frozenset(pair): LOOK_ALIKE for group in CONFUSABLE for pair in combinations(group, 2)},
    **dict.fromkeys((frozenset("0O"), frozenset("1I")), SAME_SHAPE),
}

Pair = tuple[int | None, int | None]


def cost(one: str, other: str) -> float:
    """What it costs to take one character for another, 0 to 1."""
    return 0.0 if one == other else _COSTS.get(frozenset((one, other)), OTHER)


def _table(one: str, other: str) -> list[list[float]]:
    """The cheapest ways from every beginning of one text to every beginning of the other (Wagner and Fischer 1974)."""
    rows = [[column * OTHER for column in range(len(other) + 1)]]
    for number, character in enumerate(one, 1):
        above, row = rows[-1], [number * OTHER]
        for column, against in enumerate(other, 1):
            replaced = above[column - 1] + cost(character, against)
            row.append(min(replaced, above[column] + OTHER, row[-1] + OTHER))
        rows.append(row)
    return rows


@lru_cache(maxsize=20_000)
def distance(one: str, other: str) -> float:
    """The cost of the cheapest edits that make one text the other; 0 for equal ones, symmetric."""
    return 0.0 if one == other else round(_table(one, other)[-1][-1], 6)


def alignment(one: str, other: str) -> list[Pair]:
    """Which characters of two texts stand for each other: pairs of places in order, None where one has none."""
    rows = _table(one, other)
    here, there = len(one), len(other)
    pairs: list[Pair] = []
    while here or there:
        both = here and there
        if both and abs(rows[here][there] - rows[here - 1][there - 1] - cost(one[here - 1], other[there - 1])) < 1e-9:
            here, there = here - 1, there - 1
            pairs.append((here, there))
        elif here and abs(rows[here][there] - rows[here - 1][there] - OTHER) < 1e-9:
            here -= 1
            pairs.append((here, None))
        else:
            there -= 1
            pairs.append((None, there))
    return pairs[::-1]
