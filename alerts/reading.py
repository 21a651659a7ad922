"""Reading what a rule's JSON holds, strictly: what is out of bounds is named together with what is wanted."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError

CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)
MOST_MINUTES = 7 * 24 * 60
MOST_ENTRIES = 200
MOST_TEXT = 64


class Reader:
    """The entries of one JSON object, each read once; `end` refuses what nobody asked for."""

    def __init__(self, data: object, what: str) -> None:
        if not isinstance(data, dict):
            raise ValidationError(f"{what} is an object with names and values, not {data!r}.")
        self.what = what
        self.left: dict[str, Any] = {key: value for key, value in data.items() if key != "kind"}

    def numbers(self, name: str) -> frozenset[int]:
        """A list of whole numbers, such as those of cameras; empty for any."""
        value = self.left.pop(name, [])
        if not isinstance(value, list) or not all(type(one) is int for one in value) or len(value) > MOST_ENTRIES:
            raise self.wrong(name, value, f"a list of at most {MOST_ENTRIES} whole numbers")
        return frozenset(value)

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of short texts; empty for any."""
        value = self.left.pop(name, [])
        if not isinstance(value, list) or len(value) > MOST_ENTRIES:
            raise self.wrong(name, value, f"a list of at most {MOST_ENTRIES} texts")
        if not all(isinstance(one, str) and 0 < len(one) <= MOST_TEXT for one in value):
            raise self.wrong(name, value, f"texts of 1 to {MOST_TEXT} characters")
        return tuple(value)

    def text(self, name: str) -> str:
        """A short text, which may be empty."""
        value = self.left.pop(name, "")
        if not isinstance(value, str) or len(value) > MOST_TEXT:
            raise self.wrong(name, value, f"a text of at most {MOST_TEXT} characters")
        return value

    def number(self, name: str, least: float, most: float, default: float | None = None) -> float:
        """A number between two bounds; without a default it has to be there."""
        value = self.left.pop(name, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
            raise self.wrong(name, value, f"a number from {least:g} to {most:g}")
        return value

    def choice(self, name: str, choices: Collection[str], default: str = "") -> str:
        """One of some words."""
        value = self.left.pop(name, default)
        if value not in choices:
            raise self.wrong(name, value, f"one of {', '.join(choices)}")
        return str(value)

    def clock(self, name: str) -> str:
        """A time of day, HH:MM, or nothing."""
        value = self.left.pop(name, "")
        if value and not (isinstance(value, str) and CLOCK.fullmatch(value)):
            raise self.wrong(name, value, "a time such as 22:30")
        return value or ""

    def end(self) -> None:
        """Raise `ValidationError` for entries that were not read."""
        if self.left:
            raise ValidationError(f"{self.what} knows no {', '.join(sorted(map(str, self.left)))}.")

    def wrong(self, name: str, value: object, wanted: str) -> ValidationError:
        """What is wrong with an entry."""
        return ValidationError(f"{self.what}: {name} is {value!r}; it has to be {wanted}.")
