"""Everything running on a folder and ports of its own, as `make run` starts it."""

from __future__ import annotations

import json
import os
import re
import signal
import sqlite3
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

from ingest.up.broker import free_port

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "demo" / "pictures"
DRIVES = sorted(PICTURES.glob("drive_*.jpg"))


def private_env(folder: Path) -> dict[str, str]:
    """The environment of an installation that meets no other: embedded database and broker, free ports."""
    ports = [free_port() for _ in range(3)]
    return os.environ | {
        "DATA_DIR": str(folder),
        "DEMO_DATA_DIR": str(folder),
        "DATABASE_URL": "",
        "REDIS_URL": "",
        "RECEIVER_ADDRESS": f"tcp://127.0.0.1:{ports[0]}",
        "WEB_ADDRESS": f"127.0.0.1:{ports[1]}",
        "FLOWER_ADDRESS": f"127.0.0.1:{ports[2]}",
        "COLUMNS": "200",
    }


class Installation:
    """A running `manage.py up`."""

    def __init__(self, folder: Path, env: dict[str, str], process: subprocess.Popen[str], banner: list[str]) -> None:
        self.folder, self.env, self.popen, self.banner = folder, env, process, banner
        self.process = psutil.Process(process.pid)
        self.receiver = env["RECEIVER_ADDRESS"]
        self.web = f"http://{env['WEB_ADDRESS']}"
        self.flower = f"http://{env['FLOWER_ADDRESS']}"

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

    def count(self, query: str) -> int:
        """The number that an SQL query gives on the index."""
        with closing(sqlite3.connect(self.folder / "librarian.sqlite3", timeout=30)) as database:
            return int(database.execute(query).fetchone()[0])

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
