"""The receiver's side of its forwarder: starts it, rings it, keeps what it says of itself, ends it."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from receiver.wake import Wake

COMMAND: tuple[str, ...] = (sys.executable, "-m", "receiver.forwarder")
PATIENCE_SECONDS = 3.0  # a broker that hangs is given up within about a second


class Forwarding:
    """A forwarder as a child. `changed` is called when it says something new, from a thread of its own."""

    def __init__(self, changed: Callable[[], None]) -> None:
        self._changed = changed
        self._wake = Wake()
        self._ending = False
        since = datetime.now(UTC).isoformat(timespec="microseconds")
        self._state: dict[str, Any] = {
            "outbox": {"unpublished": 0, "oldest_age_seconds": None},
            "broker": {"connected": False, "since": since},
        }
        self._process: subprocess.Popen[str] | None = None
        self._listener = threading.Thread(target=self._listen, name="forwarding", daemon=True)

    def start(self) -> None:
        """Start it; should it end by itself, an exception in a thread says so."""
        self._process = subprocess.Popen(
            COMMAND, stdin=self._wake.receiving.fileno(), stdout=subprocess.PIPE, text=True
        )
        self._wake.receiving.close()
        self._listener.start()

    def notice(self) -> None:
        """Say that there is more to forward; from any thread, without waiting."""
        self._wake.ring()

    def state(self) -> dict[str, Any]:
        """The `outbox` and `broker` parts of the receiver's status."""
        return self._state

    def stop(self) -> None:
        """Have it bring into the outbox what there is, and end; one that hangs is killed, which loses nothing."""
        assert self._process is not None  # noqa: S101  it was started
        self._ending = True
        self._wake.close()
        try:
            self._process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
        self._listener.join()

    def _listen(self) -> None:
        assert self._process is not None and self._process.stdout is not None  # noqa: S101  it was started
        for line in self._process.stdout:
            self._state = json.loads(line)
            self._changed()
        status = self._process.wait()
        if not self._ending:
            raise RuntimeError(f"the forwarder ended by itself, with status {status}")
