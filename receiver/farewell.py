"""Closing the socket without leaving a sender waiting for a reply for ever.

A REQ sender that gets its reply may send its next request before it learns that the connection is closing; that
request is lost and its sender waits without end. So the last reply and the end of the connection must reach it
together: the kernel holds the replies back (TCP_CORK) until the end is ready to go out with them.
"""

from __future__ import annotations

import contextlib
import os
import socket
import time
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

import zmq

from receiver import wire

WRITE_SECONDS = 0.05  # for ZeroMQ's thread to write the replies; the kernel holds them back for 0.2 s at most
ARRIVE_SECONDS = 0.02  # for them to arrive, shorter than the 0.1 s after which a sender connects again
DESCRIPTORS = Path("/proc/self/fd")


def flush_and_close(router: zmq.Socket[bytes], replies: Iterable[tuple[bytes, bytes]], ports: Collection[int]) -> None:
    """Send each (identity, text) and close a socket bound to `ports`; where there is no TCP_CORK, as fast as can be."""
    with contextlib.ExitStack() as stack:
        peers = [stack.enter_context(peer) for peer in _connections(ports)]
        for peer in peers:
            peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_CORK, 1)
        for identity, text in replies:
            wire.reply(router, identity, text)
        if peers:
            time.sleep(WRITE_SECONDS)
        for peer in peers:
            with contextlib.suppress(OSError):  # it has gone already
                peer.shutdown(socket.SHUT_WR)
        if peers:
            time.sleep(ARRIVE_SECONDS)
        router.close()


def _connections(ports: Collection[int]) -> Iterator[socket.socket]:
    """The TCP connections that were accepted on these ports, found among all, since ZeroMQ does not hand them out."""
    if not ports or not DESCRIPTORS.is_dir() or not hasattr(socket, "TCP_CORK"):
        return
    for entry in os.listdir(DESCRIPTORS):  # noqa: PTH208  names are all that is wanted
        with contextlib.suppress(OSError):  # not a socket, not connected, or closed since
            peer = socket.socket(fileno=os.dup(int(entry)))
            if _is_peer(peer, ports):
                yield peer
            else:
                peer.close()


def _is_peer(peer: socket.socket, ports: Collection[int]) -> bool:
    if peer.family not in (socket.AF_INET, socket.AF_INET6) or peer.type != socket.SOCK_STREAM:
        return False
    try:
        return bool(peer.getsockname()[1] in ports and peer.getpeername())
    except OSError:
        return False  # the listening socket itself
