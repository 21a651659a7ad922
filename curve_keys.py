"""The keys of CURVE, ZeroMQ's encryption: the server's own, and which clients may come in. Free of Django.

`DATA_DIR/curve/server.secret` (mode 0600) and `server.public`; `clients/NAME.public` for each client that may send.
Each file holds one key in Z85, 40 characters. A client's secret is printed when it is made, and kept nowhere here.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

import zmq
from zmq.utils import z85

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
ENDING = ".public"


class KeyProblem(Exception):
    """A key or a name that cannot be used; the message is one line for a person."""


@dataclass(frozen=True, slots=True)
class KeyFolder:
    """The folder of keys."""

    path: Path

    @property
    def clients(self) -> Path:
        """One file for each client that may send."""
        return self.path / "clients"

    def server(self) -> tuple[bytes, bytes]:
        """The server's public and secret key in Z85, made on first use; raises OSError or KeyProblem."""
        self.clients.mkdir(mode=0o700, parents=True, exist_ok=True)
        secret = self.path / "server.secret"
        if not secret.exists():
            _write_secret(secret, zmq.curve_keypair()[1])
        key = _read(secret)
        public: bytes = zmq.curve_public(key)
        (self.path / f"server{ENDING}").write_bytes(public + b"\n")
        return public, key

    def authorise(self, name: str, public: bytes) -> None:
        """Let a client with this public key in Z85 send; raises KeyProblem."""
        if not NAME.fullmatch(name):
            raise KeyProblem(f"{name!r} is not a name of 1 to 64 letters, digits, dots, - or _.")
        _check(public, f"the key of {name}")
        if (self.clients / f"{name}{ENDING}").exists():
            raise KeyProblem(f"{name} has a key already; remove it first.")
        self.clients.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = self.clients / f".{name}.{os.getpid()}"
        part.write_bytes(public + b"\n")
        part.replace(self.clients / f"{name}{ENDING}")

    def remove(self, name: str) -> None:
        """Let a client send no more; raises KeyProblem where there is none of that name."""
        if name not in self.names():
            raise KeyProblem(f"{name!r} has no key here.")
        (self.clients / f"{name}{ENDING}").unlink()

    def names(self) -> dict[str, bytes]:
        """The public keys in Z85 of who may send; raises KeyProblem for a file that holds no key."""
        return {file.stem: _read(file) for file in sorted(self.clients.glob(f"[!.]*{ENDING}"))}

    def changed_at(self) -> int:
        """A number that changes when a client's file comes or goes."""
        return self.clients.stat().st_mtime_ns if self.clients.exists() else 0


def _write_secret(file: Path, secret: bytes) -> None:
    descriptor = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "wb") as opened:
        opened.write(secret + b"\n")


def _read(file: Path) -> bytes:
    key = file.read_bytes().strip()
    _check(key, str(file))
    return key


def _check(key: bytes, what: str) -> None:
    try:
        sound = len(key) == 40 and len(z85.decode(key)) == 32
    except (ValueError, KeyError):
        sound = False
    if not sound:
        raise KeyProblem(f"{what} is not a CURVE key in Z85: 40 characters, as `manage.py curve_keys` prints them.")
