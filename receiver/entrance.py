"""Where cameras come in: the socket that they send to, who may connect to it, and who is connected."""

from __future__ import annotations

import errno
import os
import resource
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager

import zmq

from curve_keys import KeyFolder, KeyProblem
from environment import Environment, EnvironmentProblem
from receiver import wire
from receiver.client_keys import ClientKeys
from receiver.gate import Gate
from receiver.peers import Peers
from receiver.refusals import Refusals
from receiver.status import Status
from receiver.subscriptions import Subscriptions

CHECK_SECONDS = 0.1  # on a line of 1 Gbit/s, 12 MB
SETTLE_SECONDS = 1.0
CURVE = "curve://"
NOT_HERE = (errno.ENODEV, errno.EADDRNOTAVAIL)
MOST_DESCRIPTORS = 8192
OWN_DESCRIPTORS = 400  # for files, threads and the broker; a connection has two
MESSAGE_SLACK = 64 * 1024  # a header, and what frames it


class Entrance:
    """A bound ROUTER socket, what guards it, and SUB sockets; used by one hub's thread alone.

    Its context is its own: in a context ZeroMQ asks one gate.
    """

    def __init__(
        self,
        env: Environment,
        refusals: Refusals,
        most: int,
        subscribe: Sequence[str] = (),
    ) -> None:
        """`most`: connections; `subscribe`: addresses of cameras that publish."""
        self._context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        self._keys, self.refusals, max_frame = KeyFolder(env.curve_dir), refusals, env.receiver_max_frame
        self._gate = gate = Gate(self._context, env.receiver_allow, ClientKeys(self._keys), refusals)
        self.socket = wire.router(self._context, max_frame)
        self._peers = Peers(self.socket, refusals, gate.shut_out, max_frame + MESSAGE_SLACK, most)
        self.subscriptions = Subscriptions(subscribe, refusals, max_frame)
        self.attended = (gate.socket, self._peers.monitor, *self.subscriptions.monitors)
        self.sources = (self.socket, *self.subscriptions.sockets)
        """What messages are read from."""
        self.ports: set[int] = set()
        self._check_at = self._settle_at = 0.0
        self._published_first = False

    def listen(self, variable: str, addresses: Sequence[str]) -> None:
        """Bind every address of a variable, those in CURVE last, with the server's key; raises EnvironmentProblem."""
        for address in sorted(addresses, key=lambda one: one.startswith(CURVE)):
            try:
                if address.startswith(CURVE):
                    wire.encrypt(self.socket, self._secret())
                self.ports.add(wire.bind(self.socket, address.replace(CURVE, "tcp://")))
            except zmq.ZMQError as problem:
                mend = " It wants an address of this machine, or * for all." if problem.errno in NOT_HERE else ""
                text = f"{variable}={address!r} cannot be bound: {os.strerror(problem.errno or 0)}.{mend}"
                raise EnvironmentProblem(text) from None

    def shut(self) -> None:
        """Let nobody in any more: whoever comes now waits for the next receiver, with its request in its own memory."""
        self._gate.shut()

    def is_quiet(self) -> bool:
        """Whether nobody is in the middle of a message."""
        return not self._peers.busy()

    def admits(self, request: wire.Request) -> bool:
        """Whether the key that it came with, if any, has not been removed since its sender connected."""
        return self._gate.still_knows(request.user)

    def receive(self, most: int) -> Iterator[wire.Request]:
        """Up to `most` messages that senders wait to be answered, and as many of each camera that publishes.

        In turns one kind comes first: whoever asks may have room for no more.
        """
        self._published_first = not self._published_first
        kinds = [self.subscriptions.receive(most), self._requests(most)]
        for kind in kinds if self._published_first else reversed(kinds):
            yield from kind

    def _requests(self, most: int) -> Iterator[wire.Request]:
        for _ in range(most):
            request = wire.receive(self.socket)
            if request is None:
                return
            self._peers.message(request.descriptor, request.parts)
            yield request

    def attend(self, ready: Collection[object]) -> None:
        """Answer who wants in, take note of who came and went, and look after the rest when it is due.

        `ready`: the sockets that have something to read.
        """
        if any(socket in ready for socket in self.attended):
            self._peers.attend()  # first, so that nobody is let in who is not followed
            self._gate.attend()
            self.subscriptions.attend()
        now = time.monotonic()
        if now >= self._check_at:
            self._check_at = now + CHECK_SECONDS
            self._peers.check()
            self.subscriptions.check()
        if now >= self._settle_at:
            self._settle_at = now + SETTLE_SECONDS
            self.refusals.settle()

    def seconds_to_check(self) -> float:
        """How long it may be left alone."""
        due = self._check_at if len(self._peers) else self._settle_at
        return max(0.0, due - time.monotonic())

    def close(self) -> None:
        """Close everything, the socket with its linger."""
        self.socket.close()
        self.subscriptions.close()
        self._peers.close()
        self._gate.close()
        self._context.term()

    def _secret(self) -> bytes:
        try:
            return self._keys.server()[1]
        except (KeyProblem, OSError) as problem:
            text = f"The CURVE keys in {self._keys.path} cannot be used: {problem}"
            raise EnvironmentProblem(text) from None


@contextmanager
def listening(env: Environment, status: Status) -> Iterator[tuple[Entrance, Entrance | None]]:
    """The entrances of RECEIVER_ADDRESS and, where it is set, of RECEIVER_LIVE_ADDRESS; raises EnvironmentProblem."""
    with ExitStack() as stack:
        most = most_connections() // (2 if env.receiver_live_address else 1)

        def entrance(variable: str, addresses: Sequence[str], subscribe: Sequence[str] = ()) -> Entrance:
            made = stack.enter_context(closing(Entrance(env, Refusals(status), most, subscribe)))
            made.listen(variable, addresses)
            return made

        first = entrance("RECEIVER_ADDRESS", env.receiver_address, env.receiver_subscribe)
        live = env.receiver_live_address
        yield first, entrance("RECEIVER_LIVE_ADDRESS", live) if live else None


def most_connections() -> int:
    """How many this process may have, after it has asked the system for more descriptors."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_DESCRIPTORS if hard == resource.RLIM_INFINITY else min(MOST_DESCRIPTORS, hard)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        soft = wanted
    return max(1, (min(soft, MOST_DESCRIPTORS) - OWN_DESCRIPTORS) // 2)
