"""How the receiver tells its forwarder that there is more to forward, and that it is done."""

from __future__ import annotations

import select
import socket


class Bell:
    """The forwarder's end of a socket pair, at whose other end the receiver rings (see `Wake`)."""

    def __init__(self, receiving: socket.socket) -> None:
        self._receiving = receiving
        self._receiving.setblocking(False)
        self.over = False
        """Whether the other end was closed, be it by the death of its process."""

    def wait(self, seconds: float) -> bool:
        """Return once it rings or is over, or after so many seconds; whether it rang since it was last waited for."""
        if not self._comes(select.POLLIN, seconds):
            return False
        self.over = not self._receiving.recv(4096)
        return not self.over

    def rest(self, seconds: float) -> None:
        """Return after so many seconds, or once it is over; rings are left for `wait`."""
        self.over = self.over or self._comes(0, seconds)

    def _comes(self, event: int, seconds: float) -> bool:
        poll = select.poll()
        poll.register(self._receiving, event | select.POLLRDHUP)
        return bool(poll.poll(seconds * 1000))
