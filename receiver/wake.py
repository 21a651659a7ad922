"""A way for other threads and for signal handlers to end the hub's wait."""

from __future__ import annotations

import socket
from contextlib import suppress


class Wake:
    """A socket pair: whoever calls `ring` makes `receiving` readable until `quiet`."""

    def __init__(self) -> None:
        self.receiving, self._sending = socket.socketpair()
        self.receiving.setblocking(False)
        self._sending.setblocking(False)

    def ring(self) -> None:
        """End the wait; from any thread."""
        with suppress(BlockingIOError, BrokenPipeError):  # it is full of rings already, or nobody listens any more
            self._sending.send(b"!")

    def quiet(self) -> None:
        """Swallow the rings so far."""
        with suppress(BlockingIOError):  # another wait swallowed them
            self.receiving.recv(4096)

    def close(self) -> None:
        """Tell whoever has the receiving end that nothing comes any more."""
        self._sending.close()
        self.receiving.close()
