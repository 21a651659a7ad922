"""Texts of plates as people search for them: a part of one, or a whole one with ? and *."""

from __future__ import annotations

import re
from typing import Any

from django.db.models import Q, QuerySet

from plates.models import Plate
from plates.searching import following, parts

WILD = re.compile(r"[?*]")
LONGEST = 32


def pattern_of(typed: str) -> str:
    """What a person typed in the normal form of plates, with ? for one character and * for any number of them."""
    return re.sub(r"\*+", "*", re.sub(r"[^A-Z0-9?*]", "", typed.upper()))[:LONGEST]


def matches(field: str, pattern: str) -> Q:
    """Whether a text is like the pattern; without ? and * whether it has the pattern in it.

    What stands before the first wild card is a range of its own, so that an index serves it.
    """
    whole = pattern if WILD.search(pattern) else f"*{pattern}*"
    wanted = Q(**{f"{field}__like": whole.replace("*", "%").replace("?", "_")})
    begins = WILD.split(whole)[0]
    if begins:
        wanted &= Q(**{f"{field}__gte": begins, f"{field}__lt": following(begins)})
    return wanted


def like_pattern(plates: QuerySet[Plate], pattern: str) -> QuerySet[Any, int]:
    """The numbers of those plates that are like the pattern, each once.

    Where it begins with a wild card, by the longest piece between two of them: an index has all parts of plates.
    """
    like = plates.filter(matches("text", pattern)).order_by()
    begins, *_ = pieces = WILD.split(pattern)
    piece = max(pieces, key=len)
    if len(piece) > 1 and (not begins or not WILD.search(pattern)):
        like = like.filter(pk__in=parts(piece).values("plate"))
    return like.values_list("pk", flat=True)
