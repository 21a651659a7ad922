"""Which connections were heard lately, and which node is at the other end: a tuning picture does not say."""

from __future__ import annotations

import time
from dataclasses import dataclass

LATELY_SECONDS = 300.0
MOST_SENDERS = 4096


@dataclass(slots=True)
class Sender:
    """One connection of a camera."""

    peer: str
    """Its IP address; "unknown" where there is none."""
    number: int
    """Tells the connections of one address apart, from 1 on."""
    heard: float = 0.0
    node: str = ""
    """What it called itself in its last message that has a name."""

    @property
    def label(self) -> str:
        """What people know it by."""
        if self.node:
            return self.node
        return self.peer if self.number == 1 else f"{self.peer} ({self.number})"


class Senders:
    """The senders of one hub by their connections (`Request.sender`). Written by its thread, counted by any."""

    def __init__(self) -> None:
        self._senders: dict[bytes, Sender] = {}

    def known(self, connection: bytes) -> Sender | None:
        """The sender of a message that has just come, where it is no new one."""
        sender = self._senders.get(connection)
        if sender:
            sender.heard = time.monotonic()
        return sender

    def add(self, connection: bytes, peer: str) -> Sender:
        """A sender that is heard for the first time."""
        if len(self._senders) >= MOST_SENDERS:
            self._forget()
        taken = {one.number for one in self._lately() if one.peer == peer}
        number = next(number for number in range(1, len(taken) + 2) if number not in taken)
        sender = self._senders[connection] = Sender(peer, number, time.monotonic())
        return sender

    def count(self) -> int:
        """How many were heard in the last five minutes."""
        return len(self._lately())

    def _lately(self) -> list[Sender]:
        since = time.monotonic() - LATELY_SECONDS
        return [one for one in list(self._senders.values()) if one.heard >= since]

    def _forget(self) -> None:
        """Drop those not heard lately; where all were, the one that was silent for longest."""
        since = time.monotonic() - LATELY_SECONDS
        self._senders = {key: one for key, one in self._senders.items() if one.heard >= since}
        if len(self._senders) >= MOST_SENDERS:
            del self._senders[min(self._senders, key=lambda key: self._senders[key].heard)]
