"""Where a Raspberry Pi should send its pictures, as far as this side can know."""

from __future__ import annotations

import re
import socket
from dataclasses import dataclass

LOOPBACK = re.compile(r"localhost|127\..*|\[?::1\]?")
DEFAULT_PORT = "5555"


@dataclass(frozen=True, slots=True)
class Hub:
    """imagenode's `hub_address`, and what may keep a Pi from reaching it."""

    address: str
    guessed: bool
    """The page was opened on the hub itself, so that the host is this computer's name."""
    closed: bool
    """The receiver listens on this computer only."""


def hub(request_host: str, receiver_address: str) -> Hub:
    """The hub's address from `Host:` of a request (validated by Django) and RECEIVER_ADDRESS."""
    host = re.sub(r":\d+$", "", request_host)
    guessed = bool(LOOPBACK.fullmatch(host))
    if guessed:
        host = socket.gethostname()
    scheme, _, rest = receiver_address.partition("://")
    listens, _, port = rest.rpartition(":")
    closed = scheme != "tcp" or bool(LOOPBACK.fullmatch(listens))
    return Hub(f"tcp://{host}:{port if port.isdigit() else DEFAULT_PORT}", guessed, closed)
