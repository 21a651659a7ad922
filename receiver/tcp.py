"""What the kernel knows of a TCP connection, by a second handle on a socket that ZeroMQ owns (Linux)."""

from __future__ import annotations

import contextlib
import fcntl
import os
import socket
import struct
import termios

ESTABLISHED = 1  # TCP_ESTABLISHED of <netinet/tcp.h>
LAST_RECEIVED_AT, RECEIVED_AT = 52, 128  # offsets of tcpi_last_data_recv and tcpi_bytes_received in struct tcp_info
INFO_BYTES = 136


class Connection:
    """A second handle: it tells of the connection, and ends it, also while and after ZeroMQ lets go of it."""

    def __init__(self, descriptor: int) -> None:
        """Take a handle; raises OSError when the descriptor is no connected TCP socket (any more)."""
        self._socket = socket.socket(fileno=os.dup(descriptor))
        try:
            if self._socket.family not in {socket.AF_INET, socket.AF_INET6}:
                raise OSError("not TCP")
            self.peer = plain_address(str(self._socket.getpeername()[0]))
        except OSError:
            self._socket.close()
            raise

    def state(self) -> tuple[bool, int, float]:
        """Whether both sides keep it open, bytes received so far, seconds since the last of them."""
        info = self._socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, INFO_BYTES)
        if len(info) < INFO_BYTES:
            return info[0] == ESTABLISHED, 0, 0.0  # a kernel before 4.1
        received: int = struct.unpack_from("Q", info, RECEIVED_AT)[0]
        silent: int = struct.unpack_from("I", info, LAST_RECEIVED_AT)[0]
        return info[0] == ESTABLISHED, received, silent / 1000

    def unread(self) -> int:
        """Bytes that wait in the kernel."""
        waiting: int = struct.unpack("i", fcntl.ioctl(self._socket, termios.FIONREAD, bytes(4)))[0]
        return waiting

    def end(self) -> None:
        """End it for both sides: ZeroMQ sees the end and frees what it had gathered from it."""
        with contextlib.suppress(OSError):  # it has ended already
            # Told at once by a reset; a peer whose window is full would not hear of an orderly end.
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self._socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Let go of the handle."""
        self._socket.close()


def plain_address(address: str) -> str:
    """An IPv4 address that came in by an IPv6 socket, as itself."""
    return address.removeprefix("::ffff:")
