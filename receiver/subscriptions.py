"""imagezmq's second mode: cameras publish on addresses of their own, and this connects to each (PUB/SUB).

Nothing is answered and nothing comes again: what a camera publishes while nobody is connected, or faster than it is
taken, is lost there without a trace. All that can be seen of it here is that a connection was gone, so that is counted.
"""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

import zmq

from receiver import wire
from receiver.peers import Peers
from receiver.refusals import Refusals

log = logging.getLogger("receiver")
MOST_WAITING = 8  # messages of one camera in memory; beyond them it waits, and then drops
RETRY_SECONDS = 10.0
OPTIONS = {
    zmq.LINGER: 0,
    zmq.RCVHWM: MOST_WAITING,
    zmq.CONNECT_TIMEOUT: 5_000,
    zmq.RECONNECT_IVL: 100,
    zmq.RECONNECT_IVL_MAX: 5_000,
    # Nobody waits for an answer here, so a camera that lost its power may be given up soon.
    zmq.HEARTBEAT_IVL: 5_000,
    zmq.HEARTBEAT_TIMEOUT: 15_000,
}


@dataclass(slots=True)
class Seen:
    """What is known of one subscription; `gaps` counts how often its connection was lost."""

    connected: bool
    since: str
    messages: int = 0
    gaps: int = 0


class Subscription:
    """One camera that publishes."""

    def __init__(
        self, context: zmq.Context[zmq.Socket[bytes]], address: str, refusals: Refusals, max_frame: int
    ) -> None:
        self.address = address
        self.socket = context.socket(zmq.SUB)
        for option, value in OPTIONS.items():
            self.socket.setsockopt(option, value)
        self.socket.setsockopt(zmq.MAXMSGSIZE, max_frame)
        self.socket.setsockopt(zmq.IPV6, int("[" in address))
        self.socket.setsockopt(zmq.SUBSCRIBE, b"")
        self.peers = Peers(self.socket, refusals, lambda _: None, (MOST_WAITING + 1) * max_frame, most=1)
        self.socket.connect(address)
        self.seen = Seen(connected=False, since=_now())
        self._retry_at = time.monotonic() + RETRY_SECONDS

    def receive(self) -> wire.Request | None:
        """The next message, None when none waits."""
        request = wire.receive_published(self.socket)
        if request:
            self.seen.messages += 1
            self.peers.message(request.descriptor, request.parts)
        return request

    def check(self) -> None:
        """Cut it off where it sends messages without end; connect anew where ZeroMQ has given up.

        It does so after a frame above the limit and after a handshake that failed.
        """
        self.peers.check()
        now = time.monotonic()
        if self.seen.connected:
            self._retry_at = now + RETRY_SECONDS
        elif now >= self._retry_at:
            self._retry_at = now + RETRY_SECONDS
            with contextlib.suppress(zmq.ZMQError):  # it has forgotten the address already
                self.socket.disconnect(self.address)
            self.socket.connect(self.address)

    def attend(self) -> None:
        """Take note of whether it is connected."""
        self.peers.attend()
        connected = len(self.peers) > 0
        if connected == self.seen.connected:
            return
        self.seen.connected, self.seen.since = connected, _now()
        if connected:
            log.info("subscribed to %s", self.address)
        else:
            self.seen.gaps += 1
            log.warning("%s is gone; what it publishes until it is back is lost", self.address)


class Subscriptions:
    """All cameras that publish. They have I/O threads of their own, which may hang in looking up a name."""

    def __init__(self, addresses: Sequence[str], refusals: Refusals, max_frame: int) -> None:
        self._context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        self._all = [Subscription(self._context, address, refusals, max_frame) for address in addresses]
        self.sockets = tuple(one.socket for one in self._all)
        self.monitors = tuple(one.peers.monitor for one in self._all)

    def receive(self, most: int) -> Iterator[wire.Request]:
        """Up to `most` messages of each camera, in turn."""
        for _ in range(most):
            found = False
            for one in self._all:
                if request := one.receive():
                    found = True
                    yield request  # at once: whoever asks may ask for no more
            if not found:
                return

    def attend(self) -> None:
        """Take note of who is connected."""
        for one in self._all:
            one.attend()

    def check(self) -> None:
        """Cut off whoever sends messages without end."""
        for one in self._all:
            one.check()

    def state(self) -> dict[str, Any]:
        """What is known of each, by its address."""
        return {one.address: asdict(one.seen) for one in self._all}

    def close(self) -> None:
        """Disconnect from all."""
        for one in self._all:
            one.socket.close()
            one.peers.close()
        self._context.term()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds")
