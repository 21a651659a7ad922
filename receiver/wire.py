"""The ROUTER socket on which senders' REQ sockets call: how it is set up, and how a request is read off it."""

from __future__ import annotations

from dataclasses import dataclass

import zmq

from receiver.gate import DOMAIN
from receiver.tcp import plain_address

MOST_PARTS = 5  # identity, delimiter, header, payload, and one that shows there are too many
LINGER_MS = 2000
NOW = int(zmq.NOBLOCK)  # plain numbers, since adding flags costs as much as sending
MORE = int(zmq.NOBLOCK | zmq.SNDMORE)
OPTIONS: dict[int, int | bytes] = {
    zmq.LINGER: LINGER_MS,
    # A REQ sender has one request in flight; whoever sends more waits in its own memory, not in ours.
    zmq.RCVHWM: 4,  # with 1, libzmq 4.3.5 never hands out what comes by CURVE
    # A sender with an identity of its own that comes back after a power cut takes over from its dead connection.
    zmq.ROUTER_HANDOVER: 1,
    zmq.HANDSHAKE_IVL: 10_000,
    # Patient, because a REQ sender whose connection we end while it waits for a reply may wait for ever.
    zmq.HEARTBEAT_IVL: 30_000,
    zmq.HEARTBEAT_TIMEOUT: 120_000,
    zmq.BACKLOG: 1024,
    zmq.ZAP_DOMAIN: DOMAIN,
    zmq.ZAP_ENFORCE_DOMAIN: 1,  # nobody gets in past the gate
}
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Request:
    """What one sender sent, and the frames after the delimiter."""

    identity: bytes
    """Where the reply goes; b"" where none is wanted."""
    frames: tuple[bytes | memoryview, ...]
    delimited: bool
    parts: int
    """How many came, also those that were dropped."""
    origin: zmq.Frame

    @property
    def peer(self) -> str:
        """The sender's address."""
        return plain_address(_fact(self.origin, "Peer-Address") or UNKNOWN)

    @property
    def user(self) -> str:
        """Whose CURVE key it came with, "" without one."""
        return _fact(self.origin, "User-Id") or ""

    @property
    def descriptor(self) -> int:
        """ZeroMQ's descriptor of the connection that it came over, -1 where that is unknown."""
        return int(_fact(self.origin, "__fd") or -1)

    @property
    def sender(self) -> bytes:
        """Tells one connection from another, also of those that publish and have no identity."""
        return self.identity or b"\0published %d" % self.descriptor

    @property
    def size(self) -> int:
        """Bytes held in memory."""
        return sum(map(len, self.frames))


def router(context: zmq.Context[zmq.Socket[bytes]], max_frame: int) -> zmq.Socket[bytes]:
    """A ROUTER socket that takes frames of up to `max_frame` bytes, not bound yet."""
    socket = context.socket(zmq.ROUTER)
    for option, value in OPTIONS.items():
        socket.setsockopt(option, value)
    socket.setsockopt(zmq.MAXMSGSIZE, max_frame)
    return socket


def bind(socket: zmq.Socket[bytes], address: str) -> int:
    """Listen on one more address; raises zmq.ZMQError. `*` is IPv4 and IPv6, where this machine has it.

    Returns the TCP port, 0 where there is none.
    """
    socket.setsockopt(zmq.IPV6, int("*" in address or "[" in address))
    socket.bind(address)
    return int(address.rpartition(":")[2]) if address.startswith("tcp://") else 0


def encrypt(socket: zmq.Socket[bytes], secret: bytes) -> None:
    """Take only CURVE connections on what is bound from now on; `secret` is the server's key in Z85."""
    socket.setsockopt(zmq.CURVE_SERVER, 1)
    socket.setsockopt(zmq.CURVE_SECRETKEY, secret)


def receive(socket: zmq.Socket[bytes]) -> Request | None:
    """The next request of a ROUTER socket, None when none waits."""
    parts, count = _receive(socket)
    if not parts:
        return None
    identity, rest = parts[0].bytes, parts[1:]
    delimited = bool(rest) and len(rest[0].buffer) == 0
    return Request(identity, tuple(part.buffer for part in rest[delimited:]), delimited, count, parts[-1])


def receive_published(socket: zmq.Socket[bytes]) -> Request | None:
    """The next message of a SUB socket, None when none waits; it has no identity, since nobody waits for a reply."""
    parts, count = _receive(socket)
    return Request(b"", tuple(part.buffer for part in parts), True, count, parts[-1]) if parts else None


def _receive(socket: zmq.Socket[bytes]) -> tuple[list[zmq.Frame], int]:
    """The parts of a message, but for those beyond the ones that a message has, and how many came."""
    parts: list[zmq.Frame] = []
    count, more = 0, True
    while more:
        try:
            frame = socket.recv(NOW, copy=False)
        except zmq.Again:
            break  # only ever the first part: ZeroMQ delivers a message whole
        more = frame.more
        count += 1
        if len(parts) < MOST_PARTS:
            parts.append(frame)
    return parts, count


def reply(socket: zmq.Socket[bytes], identity: bytes, text: bytes) -> None:
    """Answer a request; a sender that has gone, or wants no reply, is passed over silently."""
    if identity:
        socket.send(identity, MORE)
        socket.send(b"", MORE)
        socket.send(text, NOW)


def _fact(frame: zmq.Frame, name: str) -> str | None:
    try:
        return str(frame.get(name))
    except zmq.ZMQError:
        return None  # ipc:// has no address
