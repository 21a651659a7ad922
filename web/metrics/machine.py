"""The broker, the workers, the disk, and what the doctor says."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import datetime

import redis
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

import environment
from ingest import queues
from ingest.workers import worker_states
from web.metrics.examined import EXAMINED


class Broker(Collector):
    """Nothing but `librarian_broker_up 0` where the broker does not answer."""

    def collect(self) -> Iterator[Metric]:
        """The metrics."""
        up = GaugeMetricFamily("librarian_broker_up", "1 while the broker answers.")
        try:
            found = [*waiting(), *workers()]
        except redis.RedisError:
            up.add_metric([], 0)
            yield up
            return
        up.add_metric([], 1)
        yield from (up, *found)


def waiting() -> Iterator[Metric]:
    """What waits in the queues, and for how long. Raises `redis.RedisError`."""
    depths, ages = queues.depths(), queues.snapshot().ages()
    messages = GaugeMetricFamily("librarian_queue_messages", "Messages that wait in a queue.", labels=["queue"])
    oldest = GaugeMetricFamily(
        "librarian_queue_oldest_age_seconds", "Time that the next message of a queue has waited.", labels=["queue"]
    )
    for name in queues.NAMES:
        messages.add_metric([name], depths[name])
        oldest.add_metric([name], ages[name])
    yield from (messages, oldest)
    text = "Messages that workers took and have not finished."
    yield GaugeMetricFamily("librarian_queue_unfinished_messages", text, value=depths["unacked"])


def workers() -> Iterator[Metric]:
    """Which workers live. Raises `redis.RedisError`."""
    up = GaugeMetricFamily("librarian_worker_up", "1 while a worker tells that it lives.", labels=["worker"])
    restarts = CounterMetricFamily(
        "librarian_worker_restarts", "Starts of a worker that followed no regular end.", labels=["worker"]
    )
    last = GaugeMetricFamily(
        "librarian_worker_last_task_timestamp_seconds", "When a worker last completed a task.", labels=["worker"]
    )
    for name, state in worker_states().items():
        up.add_metric([name], int(state["alive"]))
        restarts.add_metric([name], state["restarts"])
        if at := state["last_completed_at"]:
            last.add_metric([name], datetime.fromisoformat(at).timestamp())
    yield from (up, restarts, last)


class Disk(Collector):
    """The disk that pictures are on."""

    def collect(self) -> Iterator[Metric]:
        """The metrics; none where the folder is not there, of which the doctor tells."""
        folder = environment.current().images_dir
        if not folder.is_dir():
            return
        usage, entries = shutil.disk_usage(folder), os.statvfs(folder)
        for name, text, value in (
            ("free_bytes", "Free space where pictures are stored.", usage.free),
            ("used_bytes", "Used space there, by whomever.", usage.used),
            ("size_bytes", "All space there.", usage.total),
            ("files_free", "Files that still fit there; 0 where the file system has no limit.", entries.f_ffree),
        ):
            yield GaugeMetricFamily(f"librarian_disk_{name}", text, value=value)


class Doctor(Collector):
    """What `manage.py doctor` would say, as it was a while ago."""

    def collect(self) -> Iterator[Metric]:
        """The metrics; none until the first examination has ended."""
        found = EXAMINED.latest()
        if found is None:
            return
        text = "Findings of a check of manage.py doctor, by how bad they are."
        findings = GaugeMetricFamily("librarian_doctor_findings", text, labels=["check", "state"])
        for name, states in found.states.items():
            for state in ("warning", "error"):
                findings.add_metric([name.replace(" ", "_"), state], states.count(state))
        yield findings
        at = found.at.timestamp()
        yield GaugeMetricFamily("librarian_doctor_last_run_timestamp_seconds", "When it was examined.", value=at)
