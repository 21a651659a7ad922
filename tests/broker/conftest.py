"""Redis as Debian has it, on folders and ports of its own: with its defaults, with TLS, with users."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import redis

from ingest.up.broker import free_port
from tests.servers import Server, bound_to_us

PASSWORD, USER, USERS_PASSWORD = "geheim/#?@:;", "hub-1", "vertraulich%/;@"


class Redis(Server):
    """Debian's Redis with its own defaults and the settings given; `port` without TLS, `tls_port` with it."""

    def __init__(self, folder: Path, settings: str = "") -> None:
        super().__init__(folder)
        folder.mkdir(exist_ok=True)
        self.port, self.tls_port = free_port(), free_port()
        text = f'bind 127.0.0.1 127.0.0.2\nport {self.port}\ndir {folder}\nsave ""\n{settings}\n'
        (folder / "redis.conf").write_text(text.replace("TLS_PORT", str(self.tls_port)))
        self.start()

    def command(self) -> list[str]:
        return [*bound_to_us(), str(program(self.folder)), str(self.folder / "redis.conf")]

    def answers(self) -> bool:
        try:
            redis.Redis(port=self.port, socket_timeout=2).ping()
        except redis.AuthenticationError:
            return True
        except redis.ConnectionError:
            return False
        return True


def program(folder: Path) -> Path:
    """The server; Debian's redis-tools have it as redis-check-rdb, one program that looks at its own name."""
    found = shutil.which("redis-server")
    if found:
        return Path(found)
    checker = shutil.which("redis-check-rdb")
    assert checker, "tests/install.sh installs redis-tools"
    link = folder / "redis-server"
    if not link.exists():
        link.symlink_to(checker)
    return link


@pytest.fixture
def redis_server(tmp_path: Path) -> Iterator[Callable[..., Redis]]:
    """Starts servers; they end with the test."""
    started: list[Redis] = []

    def start(settings: str = "") -> Redis:
        started.append(Redis(tmp_path / f"redis-{len(started)}", settings))
        return started[-1]

    yield start
    for one in started:
        one.kill()


@dataclass(frozen=True)
class Certificates:
    """A CA of our own, and what it signed for localhost and 127.0.0.1."""

    folder: Path

    @property
    def ca(self) -> Path:
        return self.folder / "ca.pem"

    @property
    def certificate(self) -> Path:
        return self.folder / "server.pem"

    @property
    def key(self) -> Path:
        return self.folder / "server.key"


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    made = Certificates(tmp_path_factory.mktemp("certificates"))
    kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    signed = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial"]
    names = made.folder / "names"
    names.write_text("subjectAltName=DNS:localhost,IP:127.0.0.1\n")
    for command in (
        ["req", "-x509", *kind, "-days", "2", "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=tests"],
        ["req", *kind, "-keyout", "server.key", "-out", "request", "-subj", "/CN=localhost"],
        ["x509", "-req", *signed, "-in", "request", "-days", "2", "-out", "server.pem", "-extfile", "names"],
    ):
        subprocess.run(["openssl", *command], cwd=made.folder, check=True, capture_output=True)
    return made


@pytest.fixture(scope="session")
def tls_server(certificates: Certificates, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Redis]:
    """A server with TLS on one port, a password, and a user with another."""
    settings = f"""
tls-port TLS_PORT
tls-cert-file {certificates.certificate}
tls-key-file {certificates.key}
tls-ca-cert-file {certificates.ca}
tls-auth-clients no
requirepass "{PASSWORD}"
"""
    server = Redis(tmp_path_factory.mktemp("tls") / "redis", settings)
    with redis.Redis(port=server.port, password=PASSWORD) as client:
        client.acl_setuser(
            USER, enabled=True, passwords=[f"+{USERS_PASSWORD}"], keys=["*"], channels=["*"], categories=["+@all"]
        )
    yield server
    server.kill()
