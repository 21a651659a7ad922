"""The receiver's side of its forwarder: starts it, rings it, keeps what it says of itself, ends it."""

from __future__ import annotations

import json
import logging
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from receiver.wake import Wake

log = logging.getLogger("receiver")
COMMAND: tuple[str, ...] = (sys.executable, "-m", "receiver.forwarder")
PATIENCE_SECONDS = 2.0  # a broker that hangs is given up within about a second
AGAIN_SECONDS = 2.0


class Forwarding:
    """A forwarder as a child, started again when it ends: no picture waits for it.

    `changed` is called when it says something new, from a thread of its own.
    """

    def __init__(self, changed: Callable[[], None]) -> None:
        self._changed = changed
        self._wake = Wake()
        self._ending = threading.Event()
        self._starting = threading.Lock()
        self._state: dict[str, Any] = {"outbox": {"unpublished": 0, "oldest_age_seconds": None}, "broker": _away()}
        self._process: subprocess.Popen[str] | None = None
        self._listener = threading.Thread(target=self._listen, name="forwarding", daemon=True)

    def start(self) -> None:
        """Start it."""
        self._listener.start()

    def notice(self) -> None:
        """Say that there is more to forward; from any thread, without waiting."""
        self._wake.ring()

    def state(self) -> dict[str, Any]:
        """The `outbox` and `broker` parts of the receiver's status."""
        return self._state

    def stop(self) -> None:
        """Have it bring into the outbox what there is, and end; one that hangs is killed, which loses nothing."""
        self._ending.set()
        self._wake.close()
        with self._starting:
            process = self._process
        if process:
            try:
                process.wait(PATIENCE_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
        self._listener.join()

    def _listen(self) -> None:
        while process := self._spawn():
            assert process.stdout is not None  # noqa: S101  it was asked for
            for line in process.stdout:
                self._state = json.loads(line)
                self._changed()
            status = process.wait()
            if self._ending.is_set():
                return
            log.error("the forwarder ended with status %s; pictures are stored, and it is started again", status)
            self._state = {**self._state, "broker": _away()}
            self._changed()
            self._ending.wait(AGAIN_SECONDS)

    def _spawn(self) -> subprocess.Popen[str] | None:
        """Start it, None when this is to end. Signals that the whole family gets must not end it before it is ready."""
        with self._starting:
            if self._ending.is_set():
                return None
            signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGTERM, signal.SIGINT))  # of this thread, and the child
            self._process = subprocess.Popen(
                COMMAND, stdin=self._wake.receiving.fileno(), stdout=subprocess.PIPE, text=True
            )
            return self._process


def _away() -> dict[str, Any]:
    return {"connected": False, "since": datetime.now(UTC).isoformat(timespec="microseconds")}
