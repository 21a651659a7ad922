"""In which order a worker looks into its queues."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count


class IngestMostly:
    """The queue `ingest` before the others, but for every tenth time, so that a flood does not stop the others.

    What is indexed is seen on the pages; and of a backlog only what is indexed can be looked at newest first. Always
    last are queues of what can wait. kombu asks for the order before each look, and tells whose message it got.
    """

    FIRST = "ingest"
    OTHERS_EVERY = 10
    LATER = "_later"

    def __init__(self) -> None:
        self._names: list[str] = []
        self._turns = count(1)

    def update(self, names: Iterable[str]) -> None:
        """These are the queues to look into."""
        self._names = list(names)

    def consume(self, n: int) -> list[str]:
        """The queues in the order of this turn."""
        last = next(self._turns) % self.OTHERS_EVERY == 0
        return sorted(self._names, key=lambda name: (name.endswith(self.LATER), (name == self.FIRST) == last))[:n]

    def rotate(self, last_used: str) -> str:
        """Whose message came last changes nothing here."""
        return last_used
