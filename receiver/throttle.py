"""Log lines that a flood of bad messages cannot multiply."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass

log = logging.getLogger("receiver")
QUIET_SECONDS = 10.0
MOST_KEYS = 50  # followed at once; what is beyond them shares one
BEYOND = "refused, reasons and senders mixed"


@dataclass(slots=True)
class _Said:
    until: float
    left_out: int = 0


class Throttle:
    """One warning for each key in ten seconds, and then a line that says how many were left out."""

    def __init__(self) -> None:
        self._said: dict[str, _Said] = {}

    def warn(self, key: str, text: str) -> None:
        """Log `key: text`, unless `key` was logged within the last ten seconds."""
        if key not in self._said and len(self._said) >= MOST_KEYS:
            key = BEYOND
        if said := self._said.get(key):
            said.left_out += 1
            return
        self._said[key] = _Said(time.monotonic() + QUIET_SECONDS)
        log.warning("%s: %s", key, text)

    def settle(self) -> None:
        """Say what was left out, where ten seconds are over; to be called every second or so."""
        now = time.monotonic()
        for key in [key for key, said in self._said.items() if said.until <= now]:
            if left_out := self._said.pop(key).left_out:
                log.warning("%s: %d more like it within %d seconds", key, left_out, QUIET_SECONDS)
