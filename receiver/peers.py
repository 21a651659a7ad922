"""Who is connected, how much each has sent that is no whole message yet, and why a connection ended.

ZeroMQ hands out a message once it is whole, and gathers any number of parts until then: its limits are a frame's size
and a count of whole messages. So what has arrived is watched here, by the kernel's count of each connection's bytes,
and whoever takes more than a message can have is cut off. ZeroMQ's monitor tells of connections and of their ends.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

import zmq
from zmq.utils.monitor import recv_monitor_message

from receiver import memory
from receiver.refusals import Refusals
from receiver.tcp import Connection

log = logging.getLogger("receiver")
MOST_ARRIVING = 512 * 1024 * 1024  # bytes of messages that are not whole yet, of all peers together
MOST_MEMORY = 1024 * 1024 * 1024  # of the process: parts of no bytes at all take 64 in memory for 2 on the wire
MOST_PARTS = 10_000  # of a message; a sender's has three
MOST_EVENTS = 200  # taken in at once
SUSPECT = 1024 * 1024  # bytes; who has sent less of a message is not what fills the memory
GIVE_BACK_SECONDS = 1.0
SLACK = 8 * 1024 * 1024  # what the kernel may hold of a connection, and a header
UNHEARD = 1024  # bytes; a handshake and signs of life
PAUSE = 1.0  # seconds; a sender that stops for longer in the middle of a message is not waited for
SILENT_SECONDS = 30.0  # ZeroMQ's own signs of life come at least that often
EVENTS = (
    zmq.EVENT_ACCEPTED
    | zmq.EVENT_CONNECTED
    | zmq.EVENT_DISCONNECTED
    | zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL
    | zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL
    | zmq.EVENT_HANDSHAKE_FAILED_AUTH
)
BEGUN = (zmq.EVENT_ACCEPTED, zmq.EVENT_CONNECTED)
TOO_LARGE = "frame above RECEIVER_MAX_FRAME"
TOO_MANY_PARTS = "far too many parts"
TOO_MUCH = "parts without end"
NO_MEMORY = "memory for what arrives used up"
TOO_MANY = "too many connections"
NO_HANDSHAKE = "no ZeroMQ handshake"
ATTACKS = (TOO_MANY_PARTS, TOO_MUCH)


@dataclass(slots=True)
class _Peer:
    connection: Connection
    settled: int = 0
    """Bytes that had arrived when its last message was whole."""
    whole: bool = False
    """Whether a message became whole since the last look."""
    ever: bool = False
    cut: bool = False


class Peers:
    """The TCP connections of one socket, by the descriptors that ZeroMQ has for them."""

    def __init__(
        self,
        socket: zmq.Socket[bytes],
        refusals: Refusals,
        shut_out: Callable[[str], None],
        most_each: int,
        most: int,
    ) -> None:
        """`most_each`: bytes of a message that is not whole; `most`: connections. Before the socket is bound.

        `shut_out` is told the addresses of peers that did what no sender does.
        """
        self.monitor = socket.get_monitor_socket(EVENTS)
        self._refusals, self._shut_out = refusals, shut_out
        self._most_each, self._most = most_each + SLACK, most
        self._peers: dict[int, _Peer] = {}
        self._give_back_at = 0.0
        self._failed = 0  # the event of a failed handshake; the end of its connection is the next one

    def attend(self) -> None:
        """Take in what the monitor tells."""
        events: list[tuple[int, int]] = []
        while len(events) < MOST_EVENTS and self.monitor.poll(0):
            event = recv_monitor_message(self.monitor)
            events.append((event["event"], event["value"]))
        for place, (number, value) in enumerate(events):
            # The descriptor of one that has ended already may be another's by now.
            if number in BEGUN and (zmq.EVENT_DISCONNECTED, value) not in events[place:]:
                self._begun(value)
            elif number == zmq.EVENT_DISCONNECTED:
                self._ended(value)
                self._failed = 0
            elif number not in BEGUN:
                self._failed = number

    def message(self, descriptor: int, parts: int) -> None:
        """A whole message came over this connection.

        Nobody else's is read while one of a million parts is taken off the socket, which lasts seconds.
        """
        if peer := self._peers.get(descriptor):
            peer.whole = peer.ever = True
            if parts > MOST_PARTS and not peer.cut:
                self._cut(peer, TOO_MANY_PARTS, f"{parts} parts")

    def check(self) -> None:
        """Cut off whoever has sent too much of a message that does not end; to be called often."""
        arriving = sorted(((self._arriving(peer), peer) for peer in self._peers.values()), key=lambda one: -one[0])
        total = sum(size for size, _ in arriving)
        crowded = bool(arriving) and arriving[0][0] > SUSPECT and memory.in_use() > MOST_MEMORY
        for size, peer in arriving:
            if size > self._most_each:
                self._cut(peer, TOO_MUCH, f"{size} bytes of one message")
            elif crowded or total > MOST_ARRIVING:
                self._cut(peer, NO_MEMORY, f"{size} of {total} bytes that are no whole messages yet")
            else:
                break
            total, crowded = total - size, False
        if self._give_back_at and time.monotonic() > self._give_back_at:
            self._give_back_at = 0.0
            memory.give_back()

    def busy(self) -> bool:
        """Whether a message is coming in."""
        followed = self._peers.values()
        return any(self._arriving(peer) > UNHEARD and peer.connection.state()[2] < PAUSE for peer in followed)

    def close(self) -> None:
        """Let go of all connections."""
        self.monitor.close(linger=0)
        for peer in self._peers.values():
            peer.connection.close()
        self._peers.clear()

    def __len__(self) -> int:
        return len(self._peers)

    def _begun(self, descriptor: int) -> None:
        try:
            peer = _Peer(Connection(descriptor))
        except OSError as problem:  # it has ended again, or is no TCP connection
            log.debug("a connection is not followed: %s", problem)
            return
        self._forget(descriptor)
        self._peers[descriptor] = peer
        if len(self._peers) > self._most:
            idle = (one for one in self._peers.values() if not (one.ever or one.cut))
            self._cut(next(idle, peer), TOO_MANY, f"above {self._most}")

    def _arriving(self, peer: _Peer) -> int:
        received = peer.connection.state()[1]
        if peer.whole or peer.cut:
            peer.settled, peer.whole = received, False
        return received - peer.settled

    def _cut(self, peer: _Peer, reason: str, detail: str) -> None:
        self._refusals.note(reason, peer.connection.peer, detail)
        peer.cut = True
        peer.connection.end()
        if reason in ATTACKS:
            self._shut_out(peer.connection.peer)
        self._give_back_at = time.monotonic() + GIVE_BACK_SECONDS

    def _ended(self, descriptor: int) -> None:
        peer = self._peers.get(descriptor)
        if peer and not peer.cut:
            self._explain(peer.connection)
        elif not peer and self._failed == zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL:
            self._refusals.note(NO_HANDSHAKE, "a peer that has gone", "bytes that are no ZeroMQ, or not encrypted")
        self._forget(descriptor)

    def _explain(self, connection: Connection) -> None:
        """Say why ZeroMQ ended a connection; one that its sender ended needs no word."""
        is_open, received, silent = connection.state()
        if self._failed == zmq.EVENT_HANDSHAKE_FAILED_AUTH:
            return  # whoever turned it away has said so
        if self._failed and (received > 1 or is_open):  # the kernel counts the end of a connection as a byte
            self._refusals.note(NO_HANDSHAKE, connection.peer, f"{received} bytes that are no ZeroMQ of today")
        elif is_open and silent > SILENT_SECONDS:
            log.info("%s gave no sign of life and was disconnected", connection.peer)
        elif is_open:
            self._refusals.note(TOO_LARGE, connection.peer, f"or a broken one; {connection.unread()} bytes unread")

    def _forget(self, descriptor: int) -> None:
        if peer := self._peers.pop(descriptor, None):
            peer.connection.close()
