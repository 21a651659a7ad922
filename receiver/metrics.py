"""The receiver's status as Prometheus text, served only where RECEIVER_METRICS_ADDRESS says.

On loopback everybody of this computer may read it; elsewhere it wants the token that web's /metrics wants.
"""

from __future__ import annotations

import ipaddress
import secrets
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

from prometheus_client import CollectorRegistry, ProcessCollector, disable_created_metrics, make_wsgi_app
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import ThreadingWSGIServer

from receiver import timing

PREFIX = "librarian_receiver"
App = Callable[..., Iterable[bytes]]
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
    seen = GaugeMetricFamily(f"{PREFIX}_node_last_seen_timestamp_seconds", "When a node last sent.", labels=["node"])
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


def serve(address: tuple[str, int], latest: Callable[[], dict[str, Any]], token: str) -> None:
    """Answer scrapes on a thread of its own; raises OSError when the address cannot be had."""
    # Or each has a second series, which nothing here asks for.
    disable_created_metrics()  # type: ignore[no-untyped-call]
    registry = CollectorRegistry(auto_describe=False)
    registry.register(StatusCollector(latest))
    registry.register(timing.SYNC_SECONDS)
    ProcessCollector(registry=registry)
    app = make_wsgi_app(registry)
    host, port = address
    family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0][0]

    class Server(ThreadingWSGIServer):
        address_family = family

    server = make_server(host, port, app if is_loopback(host) else guarded(app, token), Server, handler_class=_Silent)
    threading.Thread(target=server.serve_forever, name="metrics", daemon=True).start()


def is_loopback(host: str) -> bool:
    """Whether only this computer reaches a host to listen on."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def guarded(app: App, token: str) -> App:
    """The same for who shows the token; 401 for everybody else."""
    wanted = f"Bearer {token}".encode()

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        given = environ.get("HTTP_AUTHORIZATION", "").encode()
        if secrets.compare_digest(given, wanted):
            return app(environ, start_response)
        start_response("401 Unauthorized", [("WWW-Authenticate", "Bearer"), ("Content-Type", "text/plain")])
        return [b"Metrics want the token of METRICS_TOKEN or DATA_DIR/metrics_token.\n"]

    return answer


class _Silent(WSGIRequestHandler):
    """A scrape is no event for the log."""

    def log_message(self, format: str, *args: object) -> None:
        """Log nothing."""
