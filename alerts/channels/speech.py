"""Spoken by browsers that show the live wall."""

from __future__ import annotations

from alerts.channels.base import Answer, Outgoing


class Speech:
    """Walls ask for what is new by themselves (`alerts/feed.py`); sending is no more than letting them have it."""

    name = "speech"
    title = "Speech on the live wall"
    can_update = True
    wants_address = False

    def shown(self, address: str) -> str:
        """There is no address."""
        return "every wall with speech switched on"

    def send(self, address: str, message: Outgoing) -> Answer:
        """Nothing is left to do: the message's delivery is what walls ask for."""
        return Answer(True, "offered to the walls")
