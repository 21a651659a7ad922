"""The receiver's status as Prometheus text, served only where RECEIVER_METRICS_ADDRESS says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from receiver import timing

PREFIX = "librarian_receiver"
COUNTERS = {
    "received": "Requests, of whatever kind.",
    "stored": "Pictures made durable.",
    "events": "Events made durable.",
    "heartbeats": "Heartbeats.",
    "tuning": "Tuning pictures, which are not stored.",
    "live": "Pictures that were shown live and not kept.",
    "bytes": "Bytes of the stored pictures' files.",
}


class StatusCollector:
    """Turns the status document into metrics at each scrape."""

    def __init__(self, latest: Callable[[], dict[str, Any]]) -> None:
        self._latest = latest

    def collect(self) -> Iterator[Metric]:
        """The metrics, from the document as it was last written."""
        status = self._latest()
        for name, text in COUNTERS.items():
            yield CounterMetricFamily(f"{PREFIX}_{name}", text, value=status[name])
        refused = CounterMetricFamily(
            f"{PREFIX}_refused", "Requests and connections that were refused.", labels=["reason"]
        )
        for reason, count in status["refused"].items():
            refused.add_metric([reason], count)
        yield refused
        yield from _gauges(status)
        yield from _nodes(status["nodes"])
        yield from _subscriptions(status["subscriptions"])


def _gauges(status: dict[str, Any]) -> Iterator[Metric]:
    outbox = status["outbox"]
    for name, text, value in (
        ("outbox_unpublished", "Records that the broker does not have.", outbox["unpublished"]),
        ("outbox_oldest_age_seconds", "Age of the oldest of them.", outbox["oldest_age_seconds"] or 0),
        ("senders", "Connections heard in the last five minutes.", status["senders"]),
        ("broker_connected", "1 while the broker answers.", int(status["broker"]["connected"])),
        ("disk_free_bytes", "Free space where pictures are stored.", status["disk_free_bytes"]),
    ):
        yield GaugeMetricFamily(f"{PREFIX}_{name}", text, value=value)


def _nodes(nodes: dict[str, Any]) -> Iterator[Metric]:
    seen = GaugeMetricFamily(f"{PREFIX}_node_last_seen_seconds", "When a node last sent, Unix time.", labels=["node"])
    labels = ["node", "reason"]
    refused = CounterMetricFamily(f"{PREFIX}_node_refused", "Messages of a node that were refused.", labels=labels)
    for node, entry in nodes.items():
        seen.add_metric([node], datetime.fromisoformat(entry["last_seen_at"]).timestamp())
        for reason, count in entry["refused"].items():
            refused.add_metric([node, reason], count)
    yield from (seen, refused)


def _subscriptions(subscriptions: dict[str, Any]) -> Iterator[Metric]:
    name, labels = f"{PREFIX}_subscription", ["address"]
    connected = GaugeMetricFamily(f"{name}_connected", "1 while a camera that publishes is there.", labels=labels)
    messages = CounterMetricFamily(f"{name}_messages", "Messages that it published.", labels=labels)
    gaps = CounterMetricFamily(f"{name}_gaps", "How often its connection was lost.", labels=labels)
    for address, seen in subscriptions.items():
        connected.add_metric([address], int(seen["connected"]))
        messages.add_metric([address], seen["messages"])
        gaps.add_metric([address], seen["gaps"])
    yield from (connected, messages, gaps)


def serve(address: tuple[str, int], latest: Callable[[], dict[str, Any]]) -> None:
    """Answer scrapes on a thread of its own; raises OSError when the address cannot be had."""
    registry = CollectorRegistry()
    registry.register(StatusCollector(latest))
    registry.register(timing.SYNC_SECONDS)
    start_http_server(address[1], address[0], registry)
