"""The two databases of the web's benchmark on one private MariaDB, kept between runs, and changing between them."""

from __future__ import annotations

import atexit
import copy
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import django

from ingest.up.broker import server_binary
from tests.mariadb import MariaDB
from tests.servers import Broker

SIZES = {"web_full": 1_000_000, "web_tenth": 100_000}
"""Pictures by the name of a database."""
FULL, TENTH = SIZES
OPTIONS = (
    "--innodb-buffer-pool-size=1G",
    "--innodb-log-file-size=512M",
    "--innodb-flush-log-at-trx-commit=2",
)
"""A server with memory for what is asked for again and again, as docs/databases.md has it."""
_known: dict[str, Any] = {}


@contextmanager
def server(folder: Path) -> Iterator[MariaDB]:
    """The running server on its folder, stopped in order at the end."""
    started = MariaDB(*OPTIONS, folder=made(folder))
    try:
        yield started
    finally:
        started.stop()


def set_up(started: MariaDB, folder: Path) -> None:
    """Django on the larger of the two databases."""
    broker = Broker(made(folder / "broker"), server_binary())
    atexit.register(broker.kill)
    os.environ |= {"DATA_DIR": str(made(folder / "files")), "REDIS_URL": broker.url}
    for name in SIZES:
        started.create(name)
    url = f"{started.url(FULL)}?read_timeout=900"
    os.environ |= {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "librarian_project.settings"}
    django.setup()
    logging.disable(logging.CRITICAL)


def made(folder: Path) -> Path:
    """A folder that is there."""
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def turn_to(name: str, *, anew: bool = False) -> None:
    """Have everything that asks Django's database ask this one; both connections stay open, unless it is `anew`."""
    from django.db import connections

    if anew and name in _known:
        _known.pop(name).close()
    if name not in _known:
        fresh = connections.create_connection("default")
        fresh.settings_dict = copy.deepcopy(fresh.settings_dict) | {"NAME": name}
        _known[name] = fresh
    connections["default"] = _known[name]
