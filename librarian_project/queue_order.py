"""In which order a worker looks into its queues."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count


class IngestMostly:
    """The queue `ingest` before the others, but for every tenth time, so that a flood does not stop the others.

    Before it comes `alerts`: somebody waits for a message, and asking the rules takes some milliseconds.

    What is indexed is seen on the pages; and of a backlog only what is indexed can be looked at newest first. The
    others are first in turn, so that plates that wait keep neither the schedule's tasks nor these the plates. Always
    last are queues of what can wait. kombu asks for the order before each look, and gives the names in any order.
    """

    AT_ONCE = "alerts"
    FIRST = "ingest"
    OTHERS_EVERY = 10
    LATER = "_later"

    def __init__(self) -> None:
        self._at_once: list[str] = []
        self._first: list[str] = []
        self._others: list[str] = []
        self._later: list[str] = []
        self._turns = count(1)

    def update(self, names: Iterable[str]) -> None:
        """These are the queues to look into."""
        known = sorted(names)
        self._at_once = [name for name in known if name == self.AT_ONCE]
        self._first = [name for name in known if name == self.FIRST]
        self._later = [name for name in known if name.endswith(self.LATER)]
        self._others = [name for name in known if name not in (*self._at_once, *self._first, *self._later)]

    def consume(self, n: int) -> list[str]:
        """The queues in the order of this turn."""
        turn = next(self._turns)
        begin = turn % len(self._others) if self._others else 0
        others = self._others[begin:] + self._others[:begin]
        live = others + self._first if turn % self.OTHERS_EVERY == 0 else self._first + others
        return (self._at_once + live + self._later)[:n]

    def rotate(self, last_used: str) -> str:
        """Whose message came last changes nothing here."""
        return last_used
