"""A peer that speaks ZeroMQ's protocol by hand (ZMTP 3, https://rfc.zeromq.org/spec/23/), as far as it likes."""

from __future__ import annotations

import socket
import struct

GREETING = b"\xff" + bytes(8) + b"\x7f\x03\x00" + b"NULL".ljust(20, b"\0") + bytes(32)
MORE, LARGE, COMMAND = 1, 2, 4


def frame(body: bytes, flags: int = 0) -> bytes:
    """One frame with its head."""
    if len(body) > 255:
        return head(len(body), flags) + body
    return bytes([flags, len(body)]) + body


def head(size: int, flags: int = 0) -> bytes:
    """The head of a frame of so many bytes."""
    return struct.pack(">BQ", flags | LARGE, size)


def ready(kind: bytes = b"REQ") -> bytes:
    """The command that ends the handshake."""
    return frame(b"\x05READY\x0bSocket-Type" + struct.pack(">I", len(kind)) + kind, COMMAND)


def connect(port: int, *, handshake: bool = True, source: str = "127.0.0.1") -> socket.socket:
    """A connection, by default ready to send frames."""
    peer = socket.create_connection(("127.0.0.1", port), timeout=20, source_address=(source, 0))
    if handshake:
        peer.sendall(GREETING + ready())
        received = b""
        while len(received) < 64 + 2 or len(received) < 66 + received[65]:
            part = peer.recv(4096)
            if not part:
                raise ConnectionError("turned away")
            received += part
    return peer


def is_cut(peer: socket.socket) -> bool:
    """Whether the other side ends the connection within twenty seconds."""
    try:
        while peer.recv(65536):
            pass
    except TimeoutError:
        return False
    except OSError:
        pass
    return True
