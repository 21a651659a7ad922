"""Under which names and addresses browsers may open the pages: this machine's own, and those that a person adds.

A page that answers under any name can be read by foreign sites through a name of theirs that leads here (DNS
rebinding). So only names count that nobody else can give away: those of loopback, this machine's, and addresses that
it has at this moment.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import ifaddr

from environment import Environment

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
EVERYWHERE = frozenset({"0.0.0.0", "::", "*"})  # noqa: S104


class AllowedHosts(list[str]):
    """Django's ALLOWED_HOSTS that knows this machine's addresses as they are when it is asked.

    A machine may get its address after librarian has started, and another one the day after.
    """

    def __init__(self, env: Environment) -> None:
        host = env.web_address[0]
        own: tuple[str, ...] = ()
        if host in EVERYWHERE:
            own = machine_names()
        elif host not in LOOPBACK:
            own = (bracketed(host),)
        site = urlsplit(env.site_url).hostname
        super().__init__(dict.fromkeys([*LOOPBACK, *own, *([bracketed(site)] if site else []), *env.allowed_hosts]))
        self._everywhere = host in EVERYWHERE

    def __iter__(self) -> Iterator[str]:
        """The names first; the addresses are looked up only for who asks for something else."""
        yield from super().__iter__()
        if self._everywhere:
            yield from own_addresses()


def machine_names() -> tuple[str, ...]:
    """The names under which others on the network find this machine: by the router and by multicast DNS."""
    name = socket.gethostname().lower()
    return name, f"{name.partition('.')[0]}.local"


def own_addresses() -> list[str]:
    """Every address of this machine, as it stands in the address of a page."""
    found = [one.ip for adapter in ifaddr.get_adapters() for one in adapter.ips]
    return [one if isinstance(one, str) else bracketed(one[0]) for one in found]


def network_url(env: Environment) -> str:
    """The address that a phone in the same network opens; empty where the pages are for this machine only."""
    host, port = env.web_address
    if env.site_url or bracketed(host) in LOOPBACK:
        return env.site_url
    if host in EVERYWHERE:
        host = outward_address()
    return f"http://{bracketed(host)}:{port}/" if host else ""


def outward_address() -> str:
    """The address that this machine has towards the network; empty without one. Nothing is sent to find it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # an address reserved for documentation (RFC 5737)
            return str(probe.getsockname()[0])
        except OSError:
            return ""


def bracketed(host: str) -> str:
    """The host as it stands in an address."""
    return f"[{host}]" if ":" in host else host
