"""The ways to carry messages, by name. Another one is one file beside these and one line here."""

from __future__ import annotations

from alerts.channels.base import Answer, Kind, Outgoing
from alerts.channels.by_apprise import ByApprise
from alerts.channels.speech import Speech

__all__ = ["KINDS", "Answer", "Kind", "Outgoing", "can_update"]

KINDS: dict[str, Kind] = {one.name: one for one in (ByApprise(), Speech())}


def can_update(kind: str) -> bool:
    """Whether a kind of channel can change what it carried."""
    return kind in KINDS and KINDS[kind].can_update
