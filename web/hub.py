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
    encrypted: bool = False
    """Only encrypted addresses are open; an unchanged Pi cannot use them."""


def hub(request_host: str, receiver_addresses: tuple[str, ...]) -> Hub:
    """The hub's address from `Host:` of a request (validated by Django) and RECEIVER_ADDRESS.

    Of several addresses it is the first that an unchanged Pi can reach.
    """
    receiver_address = next((one for one in receiver_addresses if _reachable(one)), receiver_addresses[0])
    host = re.sub(r":\d+$", "", request_host)
    guessed = bool(LOOPBACK.fullmatch(host))
    if guessed:
        host = socket.gethostname()
    port = receiver_address.rpartition(":")[2]
    address = f"tcp://{host}:{port if port.isdigit() else DEFAULT_PORT}"
    encrypted = all(one.startswith("curve://") for one in receiver_addresses)
    return Hub(address, guessed, closed=not _reachable(receiver_address), encrypted=encrypted)


def _reachable(address: str) -> bool:
    scheme, _, rest = address.partition("://")
    return scheme == "tcp" and not LOOPBACK.fullmatch(rest.rpartition(":")[0])
