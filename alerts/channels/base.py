"""What a kind of channel is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message as a channel gets it."""

    number: int
    """Of the message; alike for all its versions, so that who receives may tell."""
    version: int
    title: str
    text: str
    picture: Path | None = None
    """A JPEG, where the rule wants one and it is still there."""
    url: str = ""
    """The page of what it is about, where the site knows its own address."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of it."""

    ok: bool
    text: str
    """What the other side said, in a line."""


class Kind(Protocol):
    """One way to carry messages; the registry is in `__init__`. Sending never raises for what the other side does."""

    name: str
    title: str
    can_update: bool
    """Whether a message that was carried can be changed."""
    wants_address: bool

    def shown(self, address: str) -> str:
        """The address without what is secret in it; raises `ValidationError` where it cannot be one."""
        ...

    def send(self, address: str, message: Outgoing) -> Answer:
        """Carry a message, within some seconds."""
        ...
