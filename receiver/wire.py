"""The ROUTER socket on which senders' REQ sockets call: how it is set up, and how a request is read off it."""

from __future__ import annotations

from dataclasses import dataclass

import zmq

MOST_PARTS = 5  # identity, delimiter, header, payload, and one that shows there are too many
LINGER_MS = 2000
OPTIONS = {
    zmq.LINGER: LINGER_MS,
    # A REQ sender has one request in flight; whoever sends more waits in its own memory, not in ours.
    zmq.RCVHWM: 4,
    # A sender with an identity of its own that comes back after a power cut takes over from its dead connection.
    zmq.ROUTER_HANDOVER: 1,
    zmq.HANDSHAKE_IVL: 10_000,
    # Patient, because a REQ sender whose connection we end while it waits for a reply may wait for ever.
    zmq.HEARTBEAT_IVL: 30_000,
    zmq.HEARTBEAT_TIMEOUT: 120_000,
    zmq.BACKLOG: 1024,
}
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Request:
    """What one sender sent: where the reply goes, and the frames after the delimiter."""

    identity: bytes
    frames: tuple[bytes | memoryview, ...]
    delimited: bool
    origin: zmq.Frame

    @property
    def peer(self) -> str:
        """The sender's IP address."""
        try:
            return str(self.origin.get("Peer-Address")).removeprefix("::ffff:")
        except zmq.ZMQError:
            return UNKNOWN  # ipc:// has no address

    @property
    def size(self) -> int:
        """Bytes held in memory."""
        return sum(map(len, self.frames))


def bind(context: zmq.Context[zmq.Socket[bytes]], address: str, max_frame: int) -> zmq.Socket[bytes]:
    """A bound ROUTER socket that takes frames of up to `max_frame` bytes; raises zmq.ZMQError."""
    socket = context.socket(zmq.ROUTER)
    for option, value in OPTIONS.items():
        socket.setsockopt(option, value)
    socket.setsockopt(zmq.MAXMSGSIZE, max_frame)
    try:
        socket.bind(address)
    except zmq.ZMQError:
        socket.close(linger=0)
        raise
    return socket


def receive(socket: zmq.Socket[bytes]) -> Request | None:
    """The next request, None when none waits. Parts beyond the ones that a request has are dropped as they come."""
    parts: list[zmq.Frame] = []
    more = True
    while more:
        try:
            frame = socket.recv(zmq.NOBLOCK, copy=False)
        except zmq.Again:
            return None  # only ever the first part: ZeroMQ delivers a request whole
        more = frame.more
        if len(parts) < MOST_PARTS:
            parts.append(frame)
    identity, rest = parts[0].bytes, parts[1:]
    delimited = bool(rest) and len(rest[0].buffer) == 0
    return Request(identity, tuple(part.buffer for part in rest[delimited:]), delimited, parts[-1])


def reply(socket: zmq.Socket[bytes], identity: bytes, text: bytes) -> None:
    """Answer a request; a sender that has gone is passed over silently, as ROUTER does."""
    socket.send_multipart((identity, b"", text), zmq.NOBLOCK)
