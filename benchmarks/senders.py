"""Senders that are imagezmq's own, each in a process of its own, as fast as the hub answers.

usage: python -m benchmarks.senders ADDRESS [SENDERS] [KIB] [SECONDS]
"""

from __future__ import annotations

import json
import multiprocessing
import os
import sys
import time
from dataclasses import asdict, dataclass
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier

JPEG_MAGIC = b"\xff\xd8\xff"
spawn = multiprocessing.get_context("spawn")


@dataclass(frozen=True, slots=True)
class Load:
    """What the senders saw: replies that were `OK`, those a second, and how long a reply took."""

    acknowledged: int
    rate: float
    median_ms: float
    p99_ms: float


@dataclass(frozen=True, slots=True)
class Plan:
    """What each sender does: pictures of `size` bytes to `address` for so many seconds."""

    address: str
    size: int
    seconds: float


def send(plan: Plan, name: str, ready: Barrier, results: Queue[tuple[int, list[float]]]) -> None:
    """One sender; puts how many pictures were acknowledged, and its waits in seconds, in `results`."""
    import imagezmq

    jpeg = JPEG_MAGIC + os.urandom(plan.size - len(JPEG_MAGIC))
    sender = imagezmq.ImageSender(connect_to=plan.address)
    acknowledged, waits = 0, []
    ready.wait()
    end = time.perf_counter() + plan.seconds
    while (began := time.perf_counter()) < end:
        acknowledged += sender.send_jpg(f"{name} cam|jpg", jpeg) == b"OK"
        waits.append(time.perf_counter() - began)
    results.put((acknowledged, waits))
    sender.close()


def run(address: str, senders: int = 8, size: int = 248 * 1024, seconds: float = 3.0) -> Load:
    """Put a hub under load and report what it acknowledged."""
    results: Queue[tuple[int, list[float]]] = spawn.Queue()
    ready = spawn.Barrier(senders)
    plan = Plan(address, size, seconds)
    jobs = [(plan, f"Bench{n}", ready, results) for n in range(senders)]
    processes = [spawn.Process(target=send, args=job, daemon=True) for job in jobs]
    for process in processes:
        process.start()
    seen = [results.get(timeout=60 + seconds) for _ in processes]
    for process in processes:
        process.join()
    acknowledged = sum(count for count, _ in seen)
    waits = sorted(wait * 1000 for _, waits in seen for wait in waits)
    return Load(acknowledged, acknowledged / seconds, waits[len(waits) // 2], waits[int(len(waits) * 0.99)])


if __name__ == "__main__":
    address, *numbers = sys.argv[1:]
    count, kib, seconds = [*map(int, numbers), *(8, 248, 3)[len(numbers) :]]
    print(json.dumps(asdict(run(address, count, kib * 1024, seconds))))
