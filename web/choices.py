"""What the components tabs.html and filter_select.html are given."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Choice:
    """An option of a filter."""

    value: str
    text: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Tab:
    """One of several views of the same thing."""

    url: str
    text: str
    current: bool = False
    count: int | None = None
    icon: str = ""
