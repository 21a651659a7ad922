"""Alerts: `python -m benchmarks.alerts`.

How soon a webhook on this machine has the message of a visit, at one visit a second; what 500 rules add to a picture;
and what 10,000 messages for a channel that never answers take from the pipeline.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path

import imagezmq

from benchmarks.alerts_site import Silent, run
from benchmarks.figures import Bound, finish
from tests.alerts.servers import Webhook, webhook
from tests.harness import DRIVES, Installation, eventually, installation, private_env

VISITS, WARM_UP = 40, 5
BURST, ROUNDS = 30, 3
BOUNDS = {
    "send_to_webhook_p95_ms": Bound(at_most=900),
    "rules_500_ms": Bound(at_most=10),
    "dead_channel_ratio": Bound(at_least=0.95),
}


def main() -> None:
    """Measure everything and print the figures."""
    with tempfile.TemporaryDirectory() as name, webhook() as hook, Silent() as silent:
        folder = Path(name)
        with installation(folder, private_env(folder)) as site:
            print("  everything runs", flush=True)
            figures = {"send_to_webhook_p95_ms": send_to_webhook(site, hook)}
            figures["rules_500_ms"] = run(site, "rules()")
            print(f"  500 rules: {figures['rules_500_ms']:.2f} ms more", flush=True)
            figures["dead_channel_ratio"] = dead_channel(site, silent)
    finish("alerts", figures, BOUNDS)


def send_to_webhook(site: Installation, hook: Webhook) -> float:
    """Milliseconds from sending a picture to the webhook's having the message, which 19 of 20 do not exceed."""
    run(site, f"channel('hook', {hook.url!r}); rule('hook')")
    sent: dict[str, float] = {}
    with imagezmq.ImageSender(connect_to=site.receiver) as sender:
        for number in range(WARM_UP + VISITS):
            name = f"bench Camera{number}"
            sent[name] = time.time()
            assert sender.send_jpg(f"{name}|jpg", DRIVES[0].read_bytes()) == b"OK"
            time.sleep(max(0.0, sent[name] + 1 - time.time()))
    eventually(lambda: len(hook.got) >= len(sent), 60)
    waits = [
        1000 * (at - sent[one["message"].removeprefix("Car ")]) for one, at in zip(hook.got, hook.at, strict=True)
    ][WARM_UP:]
    print(f"  {len(waits)} messages: median {statistics.median(waits):.0f} ms, slowest {max(waits):.0f} ms", flush=True)
    return statistics.quantiles(waits, n=20)[-1]


def dead_channel(site: Installation, silent: Silent) -> float:
    """Pictures a second with 10,000 messages for a dead channel over those without, the median of some rounds."""
    ratios = []
    for _ in range(ROUNDS):
        run(site, "clear()")
        without = throughput(site)
        run(site, f"dead({silent.url!r}, 10000)")
        eventually(lambda: silent.asked > 0, 30)
        ratios.append(throughput(site) / without)
        print(f"  {without:.1f} pictures a second, with a dead channel {ratios[-1]:.2f} of that", flush=True)
    return statistics.median(ratios)


def throughput(site: Installation) -> float:
    """Pictures a second from the first one sent to the last one looked at."""
    before, begun = site.looked_at(), time.monotonic()
    with imagezmq.ImageSender(connect_to=site.receiver) as sender:
        for number in range(BURST):
            assert sender.send_jpg("bench Burst|jpg", DRIVES[number % len(DRIVES)].read_bytes()) == b"OK"
    eventually(lambda: site.looked_at() == before + BURST, 120)
    return BURST / (time.monotonic() - begun)


if __name__ == "__main__":
    main()
