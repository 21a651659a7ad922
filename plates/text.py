"""Plate texts: their normal form and the characters that are mistaken for each other."""

from __future__ import annotations

import re

CONFUSABLE = ("0OQD", "1IL", "2Z", "5S", "8B", "6G", "4A", "7T", "VY", "MN")
"""Characters that look alike on a plate from a distance; each character is in at most one group."""

_FOLD = str.maketrans({"O": "0", "I": "1"})
_SKELETON = str.maketrans({letter: group[0] for group in CONFUSABLE for letter in group})


def normalise(raw: str) -> str:
    """The normal form: the letters A to Z, in upper case, and digits; everything else is dropped."""
    return re.sub(r"[^A-Za-z0-9]", "", raw).upper()


def fold(text: str) -> str:
    """`text` with O written as 0 and I as 1: many countries' plates show no difference."""
    return text.translate(_FOLD)


def skeleton(text: str) -> str:
    """`text` with every character replaced by the first of its confusable group: equal for texts that look alike."""
    return text.translate(_SKELETON)


def keys(text: str) -> set[str]:
    """What is left of `text` with look-alikes made equal, as a whole and with any one character left out.

    Two texts that differ, look-alikes aside, by at most one character more, less or other share one of these keys: the
    deletion neighbourhood of Bocek, Hunt and Stiller, “Fast Similarity Search in Large Dictionaries”, Zürich 2007.
    """
    whole = skeleton(text)
    return {whole, *(whole[:place] + whole[place + 1 :] for place in range(len(whole)))}


def endings(text: str) -> list[str]:
    """`text` and what is left of it when characters are taken from its beginning: every part of it begins one."""
    return [text[place:] for place in range(len(text))]
