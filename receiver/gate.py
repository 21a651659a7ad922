"""Who may connect: ZeroMQ asks here before a connection counts (ZAP, https://rfc.zeromq.org/spec/27/)."""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Sequence

import zmq
import zmq.utils.z85

from receiver.client_keys import ClientKeys
from receiver.refusals import Refusals
from receiver.tcp import plain_address

ENDPOINT = "inproc://zeromq.zap.01"
DOMAIN = b"cameras"
VERSION = b"1.0"
NOT_ALLOWED = "address outside RECEIVER_ALLOW"
SHUT_OUT = "shut out after an attack"
SHUT_OUT_SECONDS = 60.0
MOST_SHUT_OUT = 10_000
UNKNOWN_KEY = "unknown CURVE key"


class Gate:
    """Answers ZeroMQ's questions. While it is there every connection waits for its word."""

    def __init__(
        self,
        context: zmq.Context[zmq.Socket[bytes]],
        allow: Sequence[str],
        keys: ClientKeys,
        refusals: Refusals,
    ) -> None:
        """`allow`: networks that may send unencrypted, all where there are none; `keys`: who may send encrypted."""
        self.socket = context.socket(zmq.REP)
        self.socket.bind(ENDPOINT)
        self._networks = [ipaddress.ip_network(one) for one in allow]
        self._keys, self._refusals = keys, refusals
        self._shut_out: dict[str, float] = {}
        self._shut = False

    def attend(self) -> None:
        """Answer whatever was asked."""
        while self.socket.poll(0):
            version, request, _, address, _, mechanism, *credentials = self.socket.recv_multipart()
            if self._shut:
                return  # and no other is heard, since this one gets no answer
            answer = self._answer(plain_address(address.decode()), mechanism, credentials)
            self.socket.send_multipart([version, request, *answer, b""])

    def shut(self) -> None:
        """Leave everyone waiting outside, with what they want to send: the next receiver lets them in."""
        self._shut = True

    def still_knows(self, user: str) -> bool:
        """Whether the key of who came in by one may send still."""
        return not user or self._keys.has(user)

    def shut_out(self, address: str) -> None:
        """Let nobody in from there for a minute."""
        now = time.monotonic()
        self._shut_out = {one: until for one, until in self._shut_out.items() if until > now}
        if len(self._shut_out) < MOST_SHUT_OUT:
            self._shut_out[address] = now + SHUT_OUT_SECONDS

    def close(self) -> None:
        """Stop answering."""
        self.socket.close(linger=0)

    def _answer(self, address: str, mechanism: bytes, credentials: list[bytes]) -> tuple[bytes, bytes, bytes]:
        """Status code, its text and who it is."""
        if self._shut_out.get(address, 0.0) > time.monotonic():
            self._refusals.note(SHUT_OUT, address, f"for {SHUT_OUT_SECONDS:.0f} seconds")
            return b"300", b"Later", b""  # a sender tries again after this, and never after 400
        user = self._user(address, mechanism, credentials)
        return (b"400", b"Not allowed", b"") if user is None else (b"200", b"OK", user.encode())

    def _user(self, address: str, mechanism: bytes, credentials: list[bytes]) -> str | None:
        """Who it is, "" without a key; None for who may not."""
        if mechanism == b"CURVE":
            name = self._keys.name(credentials[0])
            if name is None:
                key = zmq.utils.z85.encode(credentials[0]).decode()
                self._refusals.note(UNKNOWN_KEY, address, f"`manage.py curve_keys authorise NAME '{key}'` lets it in")
            return name
        if self._may_send(address):
            return ""
        self._refusals.note(NOT_ALLOWED, address, "may not send unencrypted")
        return None

    def _may_send(self, address: str) -> bool:
        if not (self._networks and address):  # without an address it comes over ipc://, from this machine
            return True
        return any(ipaddress.ip_address(address) in network for network in self._networks)
