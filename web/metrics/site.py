"""What the index tells: what waits, what failed, what was removed, who is silent."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import Error
from django.db.models import Sum
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from cameras.models import DeadLetter, Node, Purge, RunStatus
from ingest.pipeline import STAGES
from rollups.models import TrafficSite


class Site(Collector):
    """Asked anew for each scrape; nothing but `librarian_database_up 0` where the database does not answer."""

    def collect(self) -> Iterator[Metric]:
        """The metrics."""
        up = GaugeMetricFamily("librarian_database_up", "1 while the database answers.")
        try:
            found = [*stages(), *pictures(), *removed(), *nodes()]
        except Error:
            up.add_metric([], 0)
            yield up
            return
        up.add_metric([], 1)
        yield from (up, *found)


def stages() -> Iterator[Metric]:
    """What each stage has still to look at, and what it could not."""
    waiting = GaugeMetricFamily(
        "librarian_images_waiting", "Pictures that a stage has still to look at.", labels=["stage"]
    )
    failed = GaugeMetricFamily("librarian_images_failed", "Pictures that a stage gave up.", labels=["stage"])
    for stage in STAGES:
        runs = stage.runs.objects
        waiting.add_metric([stage.runs.stage], runs.filter(status=RunStatus.QUEUED).count())
        failed.add_metric([stage.runs.stage], runs.filter(status=RunStatus.FAILED).count())
    letters = DeadLetter.objects.count()
    yield from (waiting, failed)
    yield GaugeMetricFamily("librarian_dead_letters", "Tasks that were set aside after failing again.", value=letters)


def pictures() -> Iterator[Metric]:
    """How many there are, by the counts of days: counting a million rows at each scrape would cost too much."""
    sums = TrafficSite.objects.aggregate(images=Sum("images"), bytes=Sum("bytes"))
    yield GaugeMetricFamily("librarian_images", "Pictures in the index.", value=sums["images"] or 0)
    yield GaugeMetricFamily("librarian_images_bytes", "Bytes of their files.", value=sums["bytes"] or 0)


def removed() -> Iterator[Metric]:
    """What retention removed since the beginning, and whether it refuses to."""
    sums = Purge.objects.aggregate(Sum("images"), Sum("bytes"), Sum("events"), Sum("visits"))
    for name in ("images", "events", "visits", "bytes"):
        text = f"{name.capitalize()} that retention removed."
        yield CounterMetricFamily(f"librarian_retention_removed_{name}", text, value=sums[f"{name}__sum"] or 0)
    latest = Purge.objects.first()
    refused = GaugeMetricFamily("librarian_retention_refused", "1 while retention refuses to remove so much at once.")
    refused.add_metric([], int(bool(latest and latest.refused)))
    yield refused


def nodes() -> Iterator[Metric]:
    """When each node was last heard, and whether it is called silent."""
    seen = GaugeMetricFamily(
        "librarian_node_last_seen_timestamp_seconds", "When a node was last heard.", labels=["node"]
    )
    silent = GaugeMetricFamily("librarian_node_silent", "1 while a node is called silent.", labels=["node"])
    for node in Node.objects.exclude(last_seen_at=None).order_by("name"):
        seen.add_metric([node.name], node.last_seen_at.timestamp() if node.last_seen_at else 0)
        silent.add_metric([node.name], int(node.silent_since is not None))
    yield from (seen, silent)
