"""Everything running as `make run` starts it: latency at a gentle rate, processor when idle, memory."""

from __future__ import annotations

import statistics
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import imagezmq

from tests.harness import DRIVES, Installation, eventually, installation

WARM_UP = 8
SENT = 60
RATE = 2.0
"""Images a second."""
IDLE_SECONDS = 40.0


def measure() -> dict[str, float]:
    """send_to_detection_p95_ms, idle_cpu_percent of one core and memory_mb (PSS) of all processes together."""
    with tempfile.TemporaryDirectory() as folder, installation(Path(folder)) as site:
        print("  everything runs", flush=True)
        send(site, WARM_UP, 4.0)
        eventually(lambda: site.looked_at() >= WARM_UP, 180)
        sent = send(site, SENT, RATE)
        eventually(lambda: site.looked_at() >= WARM_UP + SENT, 180)
        print(f"  {SENT} pictures were looked at", flush=True)
        waits = latencies(site, sent)
        time.sleep(5)
        return {
            "send_to_detection_p95_ms": statistics.quantiles(waits, n=20)[-1],
            "send_to_detection_median_ms": statistics.median(waits),
            "idle_cpu_percent": idle_percent(site),
            "memory_mb": sum(one.memory_full_info().pss for one in site.family()) / 2**20,
        }


def send(site: Installation, count: int, rate: float) -> list[float]:
    """Send pictures at a rate; the time at which each was sent, in seconds since the epoch."""
    sent = []
    with imagezmq.ImageSender(connect_to=site.receiver) as sender:
        for number in range(count):
            sent.append(time.time())
            reply = sender.send_jpg("bench Drive|jpg", DRIVES[number % len(DRIVES)].read_bytes())
            assert reply == b"OK", reply
            time.sleep(max(0.0, sent[-1] + 1 / rate - time.time()))
    return sent


def latencies(site: Installation, sent: list[float]) -> list[float]:
    """Milliseconds from sending to the end of detection of the newest images, in the order of sending."""
    query = (
        "SELECT finished_at FROM detections_detectionrun JOIN cameras_image ON cameras_image.id = image_id "
        f"ORDER BY received_at DESC LIMIT {len(sent)}"
    )
    ends = [str(row[0]) for row in site.rows(query)][::-1]
    return [
        (datetime.fromisoformat(end).replace(tzinfo=UTC).timestamp() - start) * 1000
        for start, end in zip(sent, ends, strict=True)
    ]


def idle_percent(site: Installation) -> float:
    """Processor time of the whole installation while nothing arrives, in percent of one core."""
    before, started = cpu_seconds(site), time.monotonic()
    time.sleep(IDLE_SECONDS)
    return 100 * (cpu_seconds(site) - before) / (time.monotonic() - started)


def cpu_seconds(site: Installation) -> float:
    """User and system time of all processes so far."""
    return sum(sum(one.cpu_times()[:2]) for one in site.family())
