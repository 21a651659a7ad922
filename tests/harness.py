"""Everything running on a folder and ports of its own, as `make run` starts it."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import imagezmq
import psutil
from dotenv import dotenv_values

from ingest.up.broker import free_port
from tests import sites
from tests.mariadb import MariaDB
from tests.servers import Broker, broker_answers

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "demo" / "pictures"
DRIVES = sorted(PICTURES.glob("drive_*.jpg"))


def private_env(folder: Path) -> dict[str, str]:
    """The environment of an installation that meets no other: free ports, and the database and broker of the folder."""
    ports = [free_port() for _ in range(3)]
    return os.environ | {
        "DATA_DIR": str(folder),
        "DEMO_DATA_DIR": str(folder),
        "DATABASE_URL": sites.database_url(folder),
        "REDIS_URL": sites.redis_url(folder),
        "RECEIVER_ADDRESS": f"tcp://127.0.0.1:{ports[0]}",
        "WEB_ADDRESS": f"127.0.0.1:{ports[1]}",
        "FLOWER_ADDRESS": f"127.0.0.1:{ports[2]}",
        "COLUMNS": "200",
    }


class Installation:
    """A running `manage.py up`.

    `broker`, its broker in either case, has `pid`, `process`, `url`, `kill()`, `start()`, `answers()`; `database`, its
    MariaDB or None on SQLite, has also `stop()` and `sql()`. Start it again after a kill: other installations use it.
    """

    def __init__(self, folder: Path, env: dict[str, str], process: subprocess.Popen[str], banner: list[str]) -> None:
        self.folder, self.env, self.popen, self.banner = folder, env, process, banner
        self.process = psutil.Process(process.pid)
        self.receiver = env["RECEIVER_ADDRESS"]
        self.web = f"http://{env['WEB_ADDRESS']}"
        self.flower = f"http://{env['FLOWER_ADDRESS']}"
        self.broker: Broker | BundledBroker = sites.broker(folder) if env["REDIS_URL"] else BundledBroker(self)
        self.database: MariaDB | None = sites.mariadb("sites") if env["DATABASE_URL"] else None

    @property
    def password(self) -> str:
        """The administrator's, as printed at the first start."""
        found = re.search(r"admin with the password (\S+)", "\n".join(self.banner))
        assert found, self.banner
        return found[1]

    def family(self) -> list[psutil.Process]:
        """All processes of the installation."""
        return [self.process, *self.process.children(recursive=True)]

    def pid(self, name: str) -> int:
        """The main process of one program of the supervisor, as last started."""
        pids = re.findall(rf"spawned: '{name}' with pid (\d+)", (self.folder / "logs/supervisord.log").read_text())
        return int(pids[-1])

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """The rows that an SQL query gives on the index."""
        with closing(sites.connect(self.folder, self.env["DATABASE_URL"])) as connection:
            cursor = connection.cursor()
            cursor.execute(query)
            return list(cursor.fetchall())

    def execute(self, statement: str) -> None:
        """Change the index behind everybody's back."""
        with closing(sites.connect(self.folder, self.env["DATABASE_URL"])) as connection:
            connection.cursor().execute(statement)
            connection.commit()

    def count(self, query: str) -> int:
        """The number that an SQL query gives on the index."""
        return int(self.rows(query)[0][0])

    def status(self) -> dict[str, Any]:
        """What `manage.py status --json` says."""
        return json.loads(manage(self.env, "status", "--json").stdout)  # type: ignore[no-any-return]

    def send(self, text: str, picture: bytes) -> None:
        """Send one JPEG with the real imagezmq and expect OK."""
        with imagezmq.ImageSender(connect_to=self.receiver) as sender:
            assert sender.send_jpg(text, picture) == b"OK"

    def looked_at(self) -> int:
        """How many images have passed both stages."""
        return self.count("SELECT count(*) FROM plates_recognitionrun WHERE status != 'queued'")

    def log(self, name: str) -> str:
        """The log of one program."""
        return (self.folder / "logs" / f"{name}.log").read_text()


class BundledBroker:
    """The broker under an installation's supervisor, in the terms of `servers.Broker`."""

    def __init__(self, site: Installation) -> None:
        self.site = site
        self.killed = 0

    @property
    def pid(self) -> int:
        """The process as last started."""
        return self.site.pid("broker")

    @property
    def process(self) -> psutil.Process:
        """The running process, for example to `suspend()` and `resume()` it."""
        return psutil.Process(self.pid)

    @property
    def url(self) -> str:
        """Its address, with the password."""
        return dotenv_values(self.site.folder / "run" / "chosen.env")["REDIS_URL"] or ""

    def answers(self) -> bool:
        """Whether it answers a ping."""
        return broker_answers(self.url)

    def kill(self) -> None:
        """End it at once (SIGKILL)."""
        process = self.process
        self.killed = process.pid
        process.kill()

    def stop(self) -> None:
        """End it in order."""
        process = self.process
        self.killed = process.pid
        process.terminate()

    def start(self) -> None:
        """Return once it answers again; the supervisor starts it by itself."""
        eventually(lambda: self.pid != self.killed and self.answers(), 30)


@contextmanager
def installation(folder: Path, env: dict[str, str] | None = None) -> Iterator[Installation]:
    """A running installation; stopped at the end as by Ctrl-C."""
    env = env or private_env(folder)
    command = [sys.executable, "manage.py", "up"]
    process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        banner = read_banner(process)
        yield Installation(folder, env, process, banner)
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)


def read_banner(process: subprocess.Popen[str]) -> list[str]:
    """What `up` prints until everything runs."""
    lines: list[str] = []
    assert process.stdout
    for line in process.stdout:
        lines.append(line.rstrip())
        if line.startswith("Ctrl-C"):
            return lines
    raise AssertionError("\n".join(lines))


def manage(env: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a management command."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=ROOT, env=env, capture_output=True, text=True, timeout=120
    )


def eventually(condition: Callable[[], bool], seconds: float = 60, what: Callable[[], object] = str) -> None:
    """Return once the condition holds; fail when it does not within so many seconds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds} s {what()}"
        time.sleep(0.2)


def numbered(picture: bytes) -> bytes:
    """The same JPEG with a comment of its own, so that every file differs."""
    mark = uuid.uuid4().bytes
    return picture[:2] + b"\xff\xfe" + (len(mark) + 2).to_bytes(2, "big") + mark + picture[2:]
