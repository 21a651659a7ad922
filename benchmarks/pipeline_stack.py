"""Everything running as `make run` starts it: latency at a gentle rate, processor when idle, memory."""

from __future__ import annotations

import os
import re
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import imagezmq
import psutil

from ingest.up.broker import free_port

PICTURES = sorted((Path(__file__).parent.parent / "demo" / "pictures").glob("drive_*.jpg"))
WARM_UP = 8
SENT = 60
RATE = 2.0
"""Images a second."""
IDLE_SECONDS = 40.0


def measure() -> dict[str, float]:
    """send_to_detection_p95_ms, idle_cpu_percent of one core and memory_mb (PSS) of all processes together."""
    with tempfile.TemporaryDirectory() as folder, running(Path(folder)) as (process, address):
        send(address, WARM_UP, 4.0)
        wait_for(Path(folder), WARM_UP)
        sent = send(address, SENT, RATE)
        wait_for(Path(folder), WARM_UP + SENT)
        waits = latencies(Path(folder), sent)
        time.sleep(5)
        idle = idle_percent(process)
        return {
            "send_to_detection_p95_ms": statistics.quantiles(waits, n=20)[-1],
            "send_to_detection_median_ms": statistics.median(waits),
            "idle_cpu_percent": idle,
            "memory_mb": sum(one.memory_full_info().pss for one in family(process)) / 2**20,
        }


@contextmanager
def running(folder: Path) -> Iterator[tuple[psutil.Process, str]]:
    """`manage.py up` on a folder and free ports of its own."""
    ports = [free_port() for _ in range(3)]
    address = f"tcp://127.0.0.1:{ports[0]}"
    env = os.environ | {
        "DATA_DIR": str(folder),
        "DATABASE_URL": "",
        "REDIS_URL": "",
        "RECEIVER_ADDRESS": address,
        "WEB_ADDRESS": f"127.0.0.1:{ports[1]}",
        "FLOWER_ADDRESS": f"127.0.0.1:{ports[2]}",
    }
    command = [sys.executable, "manage.py", "up"]
    process = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    try:
        for line in process.stdout:
            print(f"  {re.sub('password .*', 'password …', line.rstrip())}", flush=True)
            if line.startswith("Ctrl-C"):
                break
        yield psutil.Process(process.pid), address
    finally:
        process.terminate()
        process.wait(30)


def send(address: str, count: int, rate: float) -> list[float]:
    """Send pictures at a rate; the time at which each was sent, in seconds since the epoch."""
    sent = []
    with imagezmq.ImageSender(connect_to=address) as sender:
        for number in range(count):
            sent.append(time.time())
            reply = sender.send_jpg("bench Drive|jpg", PICTURES[number % len(PICTURES)].read_bytes())
            assert reply == b"OK", reply
            time.sleep(max(0.0, sent[-1] + 1 / rate - time.time()))
    return sent


def wait_for(folder: Path, count: int) -> None:
    """Return when so many images have passed both stages."""
    query = "SELECT count(*) FROM plates_recognitionrun WHERE status NOT IN ('queued')"
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline:
        with closing(sqlite3.connect(folder / "librarian.sqlite3", timeout=30)) as database:
            if database.execute(query).fetchone()[0] >= count:
                return
        time.sleep(0.2)
    raise TimeoutError(f"{count} images did not pass the stages")


def latencies(folder: Path, sent: list[float]) -> list[float]:
    """Milliseconds from sending to the end of detection of the newest images, in the order of sending."""
    query = (
        "SELECT finished_at FROM detections_detectionrun JOIN cameras_image ON cameras_image.id = image_id "
        "ORDER BY received_at DESC LIMIT ?"
    )
    with closing(sqlite3.connect(folder / "librarian.sqlite3", timeout=30)) as database:
        ends = [row[0] for row in database.execute(query, (len(sent),))][::-1]
    return [
        (datetime.fromisoformat(end).replace(tzinfo=UTC).timestamp() - start) * 1000
        for start, end in zip(sent, ends, strict=True)
    ]


def family(process: psutil.Process) -> list[psutil.Process]:
    """A process and all that it started."""
    return [process, *process.children(recursive=True)]


def idle_percent(process: psutil.Process) -> float:
    """Processor time of the whole family while nothing arrives, in percent of one core."""
    before, started = cpu_seconds(process), time.monotonic()
    time.sleep(IDLE_SECONDS)
    return 100 * (cpu_seconds(process) - before) / (time.monotonic() - started)


def cpu_seconds(process: psutil.Process) -> float:
    """User and system time of the whole family so far."""
    return sum(sum(one.cpu_times()[:2]) for one in family(process))
