"""What runs, what waits, what failed and who is silent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import redis
from django.db import DatabaseError
from django.utils import timezone

import environment
from cameras.models import DeadLetter, FileFault, Node, Purge, Reconciliation, ReconciliationState
from ingest import alarms, healthy, refusals, state, workers
from ingest import queues as broker_queues
from ingest.doctor.findings import Finding, doubtful, good, wrong
from ingest.receiver_state import receiver_state

LONG = 60.0
"""Seconds that a message may wait in a live queue."""
LATER = "_later"
BACKLOG = 1000


def processes() -> Iterator[Finding]:
    """Receiver, workers, beat and web."""
    env = environment.current()
    start = "Start everything (make run), or that service; its log says why it ended."
    if receiver_state()["alive"]:
        yield good("the receiver runs")
    else:
        yield wrong("the receiver does not run: cameras cannot send", start)
    try:
        nobody = workers.unserved()
        yield wrong(f"no worker takes from {', '.join(nobody)}", start) if nobody else good("every queue has a worker")
    except redis.RedisError:
        yield wrong("whether workers run cannot be told without the broker", "See what is said of the broker.")
    for name, problem in (("beat", healthy.beat(env)), ("web", healthy.checks(env)["web"](env))):
        yield wrong(problem, start) if problem else good(f"{name} runs")


def queues() -> Iterator[Finding]:
    """How long messages have waited, and what has not reached the broker."""
    unpublished = state.outbox_state()["unpublished"]
    if unpublished > BACKLOG:
        yield wrong(f"{unpublished:,} messages wait for the broker", "See what is said of the broker.")
    try:
        ages = broker_queues.snapshot().ages()
        depths = broker_queues.depths()
    except redis.RedisError:
        return  # `broker` says so
    slow = {name: age for name, age in ages.items() if age > LONG and not name.endswith(LATER)}
    for name, age in slow.items():
        mend = "More DETECT_PROCESSES or INT8 (make quantize), fewer pictures, or plates of fewer cameras."
        yield doubtful(f"{depths[name]:,} messages wait in {name}, the first for {age:.0f} s", mend)
    if not slow:
        yield good("nothing waits for long")


def dead_letters() -> Iterator[Finding]:
    """Work that was given up."""
    try:
        count = DeadLetter.objects.count()
    except DatabaseError:
        return  # `database` says so
    if count:
        yield doubtful(f"{count:,} tasks were set aside after failing again and again", "Admin, Dead letters: see why.")
    else:
        yield good("no task was set aside")


def silent_nodes() -> Iterator[Finding]:
    """Nodes that have stopped sending."""
    try:
        silent = list(Node.objects.exclude(silent_since=None).order_by("name"))
        known = Node.objects.count()
    except DatabaseError:
        return  # `database` says so
    for node in silent:
        since = node.silent_since or timezone.now()
        hours = (timezone.now() - since) / timedelta(hours=1)
        mend = "Look at that Pi: power, network, imagenode's log."
        yield doubtful(f"node {node.name} has been silent for {hours:.1f} hours", mend)
    if known and not silent:
        yield good(f"{known} nodes, none of them silent")
    elif not known:
        yield doubtful("no node has ever sent", "docs/raspberry-pi.md: set hub_address in its imagenode.yaml.")


def library() -> Iterator[Finding]:
    """Whether files and index agree."""
    try:
        latest, faults = Reconciliation.objects.first(), FileFault.objects.count()
    except DatabaseError:
        return  # `database` says so
    if latest and latest.state == ReconciliationState.REFUSED:
        yield wrong(latest.text, "docs/reconcile.md")
    if faults:
        yield doubtful(f"{faults:,} files are not as the index says", "The page “Library check” names them.")
    elif latest and latest.state == ReconciliationState.DONE:
        yield good(f"files and index agree, as of {timezone.localtime(latest.worked_at):%Y-%m-%d %H:%M}")


def pressure() -> Iterator[Finding]:
    """Whether pictures are looked at as they come, and the disk lasts."""
    lasting = alarms.standing()
    for alarm in lasting:
        yield doubtful(f"{alarm.title}: {alarm.text}", "docs/under-pressure.md")
    if not lasting:
        yield good("the pipeline keeps up")


def retention() -> Iterator[Finding]:
    """Whether retention removes what it should."""
    try:
        refused, latest = list(refusals.standing()), Purge.objects.filter(refused=False).first()
    except DatabaseError:
        return  # `database` says so
    for one in refused:
        yield wrong(one.text, "If that is meant: manage.py purge. If not: look at the clock and at RETENTION_DAYS.")
    if latest:
        yield good(f"last removed {timezone.localtime(latest.at):%Y-%m-%d %H:%M}: {latest}")
    elif not refused:
        yield good("nothing was ever removed")
