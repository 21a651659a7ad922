"""Where cameras come in: the socket that they send to, who may connect to it, and who is connected."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable, Sequence

import zmq

from environment import EnvironmentProblem
from receiver import wire
from receiver.gate import Gate
from receiver.peers import Peers
from receiver.refusals import Refusals

CHECK_SECONDS = 0.1  # on a line of 1 Gbit/s, 12 MB
SETTLE_SECONDS = 1.0
CURVE = "curve://"
MOST_DESCRIPTORS = 8192
OWN_DESCRIPTORS = 200  # for files, threads and the broker; a connection has two
MESSAGE_SLACK = 64 * 1024  # a header, and what frames it


class Entrance:
    """A bound ROUTER socket and what guards it; used by the hub's thread alone."""

    def __init__(self, context: zmq.Context[zmq.Socket[bytes]], gate: Gate, refusals: Refusals, max_frame: int) -> None:
        self._gate, self._refusals = gate, refusals
        self.socket = wire.router(context, max_frame)
        self._peers = Peers(self.socket, refusals, max_frame + MESSAGE_SLACK, most_connections())
        self.attended = (gate.socket, self._peers.monitor)
        self.ports: set[int] = set()
        self._check_at = self._settle_at = 0.0

    def listen(self, addresses: Sequence[str], secret: Callable[[], bytes]) -> None:
        """Bind every address, those in CURVE last, with the server's key; raises EnvironmentProblem."""
        for address in sorted(addresses, key=lambda one: one.startswith(CURVE)):
            try:
                if address.startswith(CURVE):
                    wire.encrypt(self.socket, secret())
                self.ports.add(wire.bind(self.socket, address.replace(CURVE, "tcp://")))
            except zmq.ZMQError as problem:
                text = f"RECEIVER_ADDRESS={address!r} cannot be bound: {problem.strerror or problem}."
                raise EnvironmentProblem(text) from None

    def message(self, request: wire.Request) -> None:
        """A whole message came."""
        self._peers.message(request.descriptor)

    def attend(self) -> None:
        """Answer who wants in, take note of who came and went, and look after the rest when it is due."""
        self._peers.attend()  # first, so that nobody is let in who is not followed
        self._gate.attend()
        now = time.monotonic()
        if now >= self._check_at:
            self._check_at = now + CHECK_SECONDS
            self._peers.check()
        if now >= self._settle_at:
            self._settle_at = now + SETTLE_SECONDS
            self._refusals.settle()

    def seconds_to_check(self) -> float:
        """How long it may be left alone."""
        due = self._check_at if len(self._peers) else self._settle_at
        return max(0.0, due - time.monotonic())

    def close(self) -> None:
        """Close everything, the socket with its linger."""
        self.socket.close()
        self._peers.close()
        self._gate.close()


def most_connections() -> int:
    """How many this process may have, after it has asked the system for more descriptors."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_DESCRIPTORS if hard == resource.RLIM_INFINITY else min(MOST_DESCRIPTORS, hard)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        soft = wanted
    return max(1, (min(soft, MOST_DESCRIPTORS) - OWN_DESCRIPTORS) // 2)
