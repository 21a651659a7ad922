"""Signs of life to whoever watches over this process: systemd (WatchdogSec=), or `ingest.up.guard` in its place.

The protocol is that of sd_notify(3): the datagram `WATCHDOG=1` to the socket that NOTIFY_SOCKET names. Where nothing
is named, nothing is sent.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
import time

log = logging.getLogger(__name__)

SECONDS = 3.0
"""Signs are not given more often."""
SIGN = b"WATCHDOG=1"
_last = 0.0


def alive() -> None:
    """Give a sign, unless one was given just now. From the loop that must not hang; never waits."""
    global _last  # noqa: PLW0603  one process, one sign
    now = time.monotonic()
    name = os.environ.get("NOTIFY_SOCKET")
    if not name or now - _last < SECONDS:
        return
    _last = now
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK | socket.SOCK_CLOEXEC) as sender:
        try:
            sender.sendto(SIGN, address(name))
        except OSError as problem:  # whoever should hear it will act; there is nothing to be done here
            log.debug("nobody hears signs of life at %s: %s", name, problem)


def address(name: str) -> str:
    """The address of a socket as `NOTIFY_SOCKET` writes it: `@` stands before names that no file system has."""
    return "\0" + name[1:] if name.startswith("@") else name


class Beats(threading.Thread):
    """Signs for a process that has no loop of its own, or not yet: that it runs at all. A daemon thread."""

    def __init__(self) -> None:
        super().__init__(name="heartbeat", daemon=True)
        self._stopping = threading.Event()

    def stop(self) -> None:
        """Leave the signs to somebody else."""
        self._stopping.set()

    def run(self) -> None:
        """Give a sign every few seconds."""
        while not self._stopping.wait(SECONDS):
            alive()
