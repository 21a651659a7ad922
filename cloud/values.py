"""Values out of JSON that somebody else wrote."""

from __future__ import annotations

import json
import math
from typing import Any, TypeGuard

MOST_CALLS = 1_000_000_000


class Malformed(Exception):
    """An answer that is not what the service documents; the message says where."""


def loaded(text: str) -> dict[str, Any]:
    """The object that a text holds; raises `Malformed`."""
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        raise Malformed("its answer is no JSON") from None
    if not isinstance(told, dict):
        raise Malformed("its answer is no JSON object")
    return told


def clean(text: str, most: int) -> str:
    """Without what cannot be shown or stored, such as half of a surrogate pair."""
    return "".join(one for one in text[: 4 * most] if one.isprintable())[:most].strip()


def share(score: object) -> float:
    """A score between 0 and 1; 0 for what is none."""
    return min(max(float(score), 0.0), 1.0) if is_number(score) else 0.0


def is_number(value: object) -> TypeGuard[float]:
    """Whether it is a finite number of a sensible size."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e12 and math.isfinite(value)


def is_count(value: object) -> TypeGuard[int]:
    """Whether it can be a number of calls."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST_CALLS
