"""The line that imagehub wrote to its log when nothing came from any node for a while."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class Patience(threading.Thread):
    """Calls `write` with imagehub's words every time that `seconds` have passed without a message; a daemon thread."""

    def __init__(self, seconds: float, last_message: Callable[[], float], write: Callable[[str], None]) -> None:
        """`last_message` gives when the last one came, by `time.monotonic()`; at the start that is now."""
        super().__init__(name="patience", daemon=True)
        self._seconds, self._last_message, self._write = seconds, last_message, write
        self._stopping = threading.Event()

    def stop(self) -> None:
        """End the thread."""
        self._stopping.set()

    def run(self) -> None:
        """Wait, and write while nothing comes."""
        since = time.monotonic()
        while not self._stopping.wait(max(0.0, since + self._seconds - time.monotonic())):
            last = self._last_message()
            if last > since:
                since = last
            else:
                self._write(f"No messages received for {self._seconds / 60:g} minutes.")
                since = time.monotonic()
