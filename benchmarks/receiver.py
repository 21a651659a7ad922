"""The receiver against the bare loop: `python -m benchmarks.receiver`.

Both get the same senders in turn, on the same disk; ours has a live broker and publishes meanwhile. A round more than
is counted comes first, so that neither pays for a cold cache.
"""

from __future__ import annotations

import statistics
import time
from pathlib import Path

import psutil

from benchmarks import hubs
from benchmarks.figures import Bound, finish
from benchmarks.senders import Plan

BOUNDS = {
    "ratio_8": Bound(at_least=1.6),
    "ratio_1": Bound(at_least=0.9),
    "lost": Bound(at_most=0),
    "p99_ms_8": Bound(at_most=100),
    "p99_ms_12x4": Bound(at_most=20),
    "memory_mb": Bound(at_most=150),
    "idle_cpu_percent": Bound(at_most=0.5),
}
ROUNDS = 5
LARGE, SMALL = 248 * 1024, 71 * 1024
LOADS = {(senders, size): Plan(senders, size, 2.5) for senders in (8, 1, 32) for size in (LARGE, SMALL)}
STEADY = Plan(12, LARGE, 15.0, pace=4.0)
FLOOD = Plan(32, LARGE, 10.0)
IDLE_SECONDS = 60.0


def main() -> None:
    """Measure everything and print the figures."""
    with hubs.folder() as place, hubs.broker(place) as redis_url:
        measured = compared(place, redis_url)
        steady = hubs.ours(place, STEADY, redis_url)
        print(
            f"12 senders at 4 a second: median {steady.load.median_ms:.1f}, p99 {steady.load.p99_ms:.1f} ms", flush=True
        )
        measured["p99_ms_12x4"] = steady.load.p99_ms
        flood = hubs.ours(place, FLOOD, hubs.NO_BROKER)
        print(f"32 senders, no broker: {flood.load.rate:.0f}/s, {flood.memory_mb:.0f} MB at most", flush=True)
        measured["memory_mb"] = flood.memory_mb
        measured["lost"] += steady.lost + flood.lost
        measured["idle_cpu_percent"] = idle(place, redis_url)
    finish("receiver", measured, BOUNDS)


def compared(place: Path, redis_url: str, loads: tuple[tuple[int, int], ...] = tuple(LOADS)) -> dict[str, float]:
    """The ratio of every load by its senders (and size, where it is not the large one), what was lost, and the p99."""
    found: dict[str, float] = {"lost": 0.0}
    for senders, size in loads:
        plan, name = LOADS[senders, size], f"{senders}" if size == LARGE else f"{senders}_small"
        ratios, waits = [], []
        for number in range(ROUNDS + 1):
            bare, ours = hubs.bare(place, plan), hubs.ours(place, plan, redis_url)
            found["lost"] += ours.lost
            print(
                f"{senders} x {size // 1024} KiB, round {number}: bare {bare.rate:.0f}/s p99 {bare.p99_ms:.0f} ms, "
                f"ours {ours.load.rate:.0f}/s p99 {ours.load.p99_ms:.0f} ms, lost {ours.lost}",
                flush=True,
            )
            ratios.append(ours.load.rate / bare.rate)
            waits.append(ours.load.p99_ms)
        found[f"ratio_{name}"] = statistics.median(ratios[1:])
        found[f"p99_ms_{name}"] = statistics.median(waits[1:])
        print(f"  ratio_{name} {found[f'ratio_{name}']:.2f}", flush=True)
    return found


def idle(place: Path, redis_url: str) -> float:
    """Percent of one core that the receiver takes while nobody sends."""
    with hubs.receiver(place / "idle", redis_url) as (process, _):
        time.sleep(5)
        before, began = used(process), time.monotonic()
        time.sleep(IDLE_SECONDS)
        return 100 * (used(process) - before) / (time.monotonic() - began)


def used(process: psutil.Process) -> float:
    """Seconds of CPU of a process and its children."""
    return sum(sum(one.cpu_times()[:2]) for one in [process, *process.children(recursive=True)])


if __name__ == "__main__":
    main()
