"""Senders that are imagezmq's own, each in a process of its own, against any hub given by its address.

usage: python -m benchmarks.senders ADDRESS [SENDERS] [KIB] [SECONDS] [PICTURES A SECOND, EACH]
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
    """So many senders of pictures of `size` bytes for so many seconds, each as fast as it is answered or at a pace."""

    senders: int = 8
    size: int = 248 * 1024
    seconds: float = 3.0
    pace: float | None = None
    """Pictures a second of each sender."""


def send(address: str, plan: Plan, number: int, ready: Barrier, results: Queue[tuple[int, list[float]]]) -> None:
    """One sender; puts how many pictures were acknowledged, and its waits in seconds, in `results`."""
    import imagezmq

    jpeg = JPEG_MAGIC + os.urandom(plan.size - len(JPEG_MAGIC))
    sender = imagezmq.ImageSender(connect_to=address)
    acknowledged, waits = 0, []
    ready.wait()
    began = time.perf_counter()
    due = began + (number / plan.senders / plan.pace if plan.pace else 0)  # paced ones do not send all at once
    while due < began + plan.seconds:
        time.sleep(max(0.0, due - time.perf_counter()))
        asked = time.perf_counter()
        acknowledged += sender.send_jpg(f"Bench{number} cam|jpg", jpeg) == b"OK"
        waits.append(time.perf_counter() - asked)
        due = due + 1 / plan.pace if plan.pace else time.perf_counter()
    results.put((acknowledged, waits))
    sender.close()


def run(address: str, plan: Plan) -> Load:
    """Put a hub under load and report what it acknowledged."""
    results: Queue[tuple[int, list[float]]] = spawn.Queue()
    ready = spawn.Barrier(plan.senders)
    jobs = [(address, plan, number, ready, results) for number in range(plan.senders)]
    processes = [spawn.Process(target=send, args=job, daemon=True) for job in jobs]
    for process in processes:
        process.start()
    seen = [results.get(timeout=120 + plan.seconds) for _ in processes]
    for process in processes:
        process.join()
    acknowledged = sum(count for count, _ in seen)
    waits = sorted(wait * 1000 for _, waits in seen for wait in waits)
    return Load(acknowledged, acknowledged / plan.seconds, waits[len(waits) // 2], waits[int(len(waits) * 0.99)])


def main() -> None:
    """Put the hub at an address under load and print what the senders saw as JSON."""
    address, *given = sys.argv[1:]
    numbers = [*map(float, given), *(8.0, 248.0, 3.0, 0.0)[len(given) :]]
    plan = Plan(int(numbers[0]), int(numbers[1]) * 1024, numbers[2], numbers[3] or None)
    print(json.dumps(asdict(run(address, plan))))


if __name__ == "__main__":
    main()
