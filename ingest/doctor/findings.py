"""What a check says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

State = Literal["ok", "warning", "error"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report; one that is not `ok` has a mend."""

    state: State
    text: str
    mend: str = ""


def good(text: str) -> Finding:
    """As it should be."""
    return Finding("ok", text)


def doubtful(text: str, mend: str) -> Finding:
    """Works, but will not for long or not for everybody."""
    return Finding("warning", text, mend)


def wrong(text: str, mend: str) -> Finding:
    """Does not work, or loses something."""
    return Finding("error", text, mend)
