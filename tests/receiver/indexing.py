"""The index behind a receiver: a database, and a worker on the queue `ingest`, as an installation runs it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from ingest.up.processes import worker
from tests import sites
from tests.isolation import DATA_DIR

from .conftest import ROOT, Receiver


class Index:
    """The rows of a data folder's database."""

    def __init__(self, folder: Path, url: str) -> None:
        self._folder, self._url = folder, url

    def images(self) -> list[tuple[str, str]]:
        """Message id and path of each picture."""
        return [(as_text(key), path) for key, path in self._rows("SELECT message_id, path FROM cameras_image")]

    def events(self) -> list[str]:
        """The message id of each event."""
        return [as_text(key) for (key,) in self._rows("SELECT message_id FROM cameras_event")]

    def count(self) -> int:
        """How many messages it has."""
        return len(self.images()) + len(self.events())

    def _rows(self, query: str) -> list[tuple[str, ...]]:
        with closing(sites.connect(self._folder, self._url)) as connection:
            cursor = connection.cursor()
            cursor.execute(query)
            return list(cursor.fetchall())


def as_text(key: str) -> str:
    """A message's id as its record has it, however a database writes it."""
    return str(uuid.UUID(str(key)))


@contextmanager
def indexing(receiver: Receiver) -> Iterator[Index]:
    """A database, made at once, whose worker registers what the receiver publishes."""
    receiver.data.mkdir(exist_ok=True)
    (receiver.data / "models").symlink_to(DATA_DIR / "models")
    url = sites.database_url(receiver.data)
    broker = f"redis://127.0.0.1:{receiver.broker_port}/0"
    env = os.environ | {"DATA_DIR": str(receiver.data), "DATABASE_URL": url, "REDIS_URL": broker}
    with (receiver.data.parent / "worker.log").open("w") as log:
        migrate = [sys.executable, "manage.py", "migrate"]
        subprocess.run(migrate, cwd=ROOT, env=env, stdout=log, stderr=log, check=True)
        command = worker("ingest", "ingest", "-c", "1").command
        process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=log)
    try:
        yield Index(receiver.data, url)
    finally:
        process.send_signal(signal.SIGQUIT)
        process.wait(30)
