"""Log lines that a flood of bad messages cannot multiply."""

from __future__ import annotations

import logging
import time

log = logging.getLogger("receiver")
QUIET_SECONDS = 10.0


class Throttle:
    """One warning for each key in ten seconds; the next one says how many were left out."""

    def __init__(self) -> None:
        self._last: dict[str, float] = {}
        self._left_out: dict[str, int] = {}

    def warn(self, key: str, text: str) -> None:
        """Log `text`, unless `key` (one of a few fixed ones) was just logged."""
        now = time.monotonic()
        if now - self._last.get(key, -QUIET_SECONDS) < QUIET_SECONDS:
            self._left_out[key] = self._left_out.get(key, 0) + 1
            return
        self._last[key] = now
        left_out = self._left_out.pop(key, 0)
        log.warning("%s%s", text, f" ({left_out} more like it since the last line)" if left_out else "")
