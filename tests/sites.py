"""Which database and which broker the tests use: `TEST_DATABASE=mariadb` runs them all as a production site would.

Without it everything is embedded: SQLite, and the bundled Valkey. With it there are two private MariaDBs, one for the
tests of this process and one for whole installations, so that killing the latter leaves the former's connections alone;
and an installation has a Redis of its own.
"""

from __future__ import annotations

import atexit
import os
import shutil
import sqlite3
import tempfile
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from ingest.up.broker import server_binary
from tests.mariadb import MariaDB
from tests.servers import Broker

DATABASES = ("sqlite", "mariadb")
DATABASE = os.environ.get("TEST_DATABASE") or "sqlite"
assert DATABASE in DATABASES, f"TEST_DATABASE={DATABASE!r} is none of {DATABASES}"
ON_MARIADB = DATABASE == "mariadb"


@cache
def mariadb(purpose: str) -> MariaDB:
    """The running server for one purpose, `tests` or `sites`; removed at the end."""
    server = MariaDB()
    atexit.register(server.remove)
    return server


@cache
def broker(folder: Path) -> Broker:
    """The running broker of an installation's own; stopped at the end."""
    place = Path(tempfile.mkdtemp(prefix="librarian-broker-"))
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    started = Broker(place, redis_program())
    atexit.register(started.kill)
    return started


def database_url(folder: Path) -> str:
    """DATABASE_URL of the installation on a folder: the same each time; nothing where the database is embedded."""
    name = f"site_{sha256(str(folder).encode()).hexdigest()[:12]}"
    return mariadb("sites").create(name) if ON_MARIADB else ""


def redis_url(folder: Path) -> str:
    """REDIS_URL of the installation on a folder; nothing where the broker is the bundled one."""
    return broker(folder).url if ON_MARIADB else ""


def connect(folder: Path, url: str) -> Any:
    """A connection to the index of an installation, by the database's own client (PEP 249)."""
    if not url:
        return sqlite3.connect(folder / "librarian.sqlite3", timeout=30)
    import MySQLdb  # type: ignore[import-untyped]

    parts = urlsplit(url)
    return MySQLdb.connect(
        host=parts.hostname,
        port=parts.port,
        user=parts.username,
        password=unquote(parts.password or ""),
        database=parts.path[1:],
        charset="utf8mb4",
    )


@cache
def redis_program() -> str:
    """The program of the brokers that tests start: the bundled one, or Redis as Debian has it."""
    if not ON_MARIADB:
        return server_binary()
    found = shutil.which("redis-server")
    if found:
        return found
    checker = shutil.which("redis-check-rdb")
    assert checker, "tests/install.sh installs redis-tools"
    # One program that looks at its own name; the package redis-server adds only this link, and a service.
    place = Path(tempfile.mkdtemp(prefix="librarian-redis-"))
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    (place / "redis-server").symlink_to(checker)
    return str(place / "redis-server")
