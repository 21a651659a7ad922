"""Who was heard when: the receivers' word, taken over into the nodes' rows, and who has fallen silent."""

from __future__ import annotations

import logging
import statistics
import uuid
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from cameras.models import Camera, CameraAlias, Event, Node
from cameras.services import node_for
from ingest import telling
from ingest.receiver_state import heard_nodes, listening_since, receiver_states

log = logging.getLogger(__name__)

OF_NODE = {"node": OuterRef("pk")}
IN_USE = Exists(Camera.objects.filter(**OF_NODE, retired_at=None)) | ~(
    Exists(Camera.objects.filter(**OF_NODE)) | Exists(CameraAlias.objects.filter(**OF_NODE))
)
"""Nodes with a camera that has not retired, and those that never had one: sensors alone."""
GAPS_MISSED = 3
"""So many of a node's usual gaps, such as heartbeats, may pass without a word of it."""
FLOOR = timedelta(minutes=5)
"""Nobody is silent sooner than this by the usual gap alone."""
FIRST_DAY = timedelta(days=1)
FLOOR_OF_FIRST_DAY = timedelta(minutes=15)
"""Until a node is known for a day: what it is used to has still to be learned."""


def update() -> None:
    """Take over last words and heartbeats of every node, then mark those that are silent and those that are back.

    A node is called silent only for a time in which the receiver listened that heard it last.
    """
    states = receiver_states()
    listening: dict[int, datetime | None] = {}
    # The latest word last: a node that was renamed is known by two names.
    by_time = sorted(heard_nodes(states).items(), key=lambda one: str(one[1][0]["last_seen_at"]))
    for name, (heard, receiver) in by_time:
        node = node_for(name)
        update_node(node, heard)
        listening[node.pk] = listening_since(receiver)
    anybody = max(filter(None, map(listening_since, states)), default=None)
    for node in Node.objects.annotate(in_use=IN_USE).exclude(last_seen_at=None):
        judge(node, node.in_use, listening.get(node.pk, anybody))


def update_node(node: Node, heard: dict[str, Any]) -> None:
    """Store what a receiver knows of a node; one that was renamed it may know by both names."""
    facts: dict[str, Any] = {
        "last_seen_at": later(heard["last_seen_at"], node.last_seen_at),
        "last_heartbeat_at": later(heard.get("last_heartbeat_at"), node.last_heartbeat_at),
        "heartbeats": max(node.heartbeats, heard.get("heartbeats", 0)),
        "messages": max(node.messages, heard.get("messages", 0)),
    }
    if facts["last_seen_at"] != node.last_seen_at or node.messages_per_minute:
        facts["messages_per_minute"] = heard.get("messages_per_minute", 0.0)
    if gaps := heard.get("longest_gaps"):
        facts["usual_gap_seconds"] = usual_gap(gaps)
    Node.objects.filter(pk=node.pk).update(**facts)


def usual_gap(longest_gaps: dict[str, float]) -> float:
    """The longest gap of a usual day, in seconds, from those of some days (ISO dates).

    The median, so that one day's outage is not taken for a habit; today has only begun and counts once little else is
    known.
    """
    gaps = [longest_gaps[day] for day in sorted(longest_gaps)]
    return statistics.median_high(gaps[:-1] if len(gaps) > 2 else gaps)


def later(told: str | None, known: datetime | None) -> datetime | None:
    """The later of a time that was told, in ISO 8601, and one that is known."""
    return max(filter(None, [datetime.fromisoformat(told) if told else None, known]), default=None)


def limit(node: Node) -> timedelta | None:
    """How long a node may be silent; None for ever."""
    if node.silent_after_minutes is not None:
        return timedelta(minutes=node.silent_after_minutes) or None
    usual = timedelta(seconds=node.usual_gap_seconds or 0)
    known = timezone.now() - node.created_at > FIRST_DAY
    return max(FLOOR if known else FLOOR_OF_FIRST_DAY, GAPS_MISSED * usual)


def judge(node: Node, in_use: bool, since: datetime | None) -> None:
    """Mark a node that has fallen silent, or that is back; who is out of use may be silent.

    `since` is when its receiver began to listen, None if it does not.
    """
    assert node.last_seen_at  # noqa: S101  `update` asks for nobody else
    allowed, now = limit(node) if in_use else None, timezone.now()
    overdue = allowed is not None and now - node.last_seen_at > allowed
    if node.silent_since:
        if not overdue or node.last_seen_at > node.silent_since:
            end_silence(node)
    elif overdue and allowed and since and now - since > allowed:
        begin_silence(node, node.last_seen_at)


def begin_silence(node: Node, since: datetime) -> None:
    """Mark a node as silent and record the event, once."""
    with transaction.atomic():
        if Node.objects.filter(pk=node.pk, silent_since=None).update(silent_since=since, messages_per_minute=0):
            report(node, "silent", f"after {in_words(timezone.now() - since)}")
            log.warning("node %s is silent since %s", node.name, since)


def end_silence(node: Node) -> None:
    """Mark a node as no longer silent; where it has spoken, record that it is back, once."""
    since, seen = node.silent_since, node.last_seen_at
    assert since and seen  # noqa: S101  `judge` calls this for nobody else
    with transaction.atomic():
        ended = Node.objects.filter(pk=node.pk, silent_since=since).update(silent_since=None)
        if ended and seen > since:
            report(node, "back", f"after {in_words(seen - since)}")
            log.warning("node %s is back after %s", node.name, in_words(seen - since))


def report(node: Node, kind: str, value: str) -> None:
    """An event that no camera sent."""
    text = f"{node.name}|{kind}|{value}"
    facts = {"message_id": uuid.uuid4(), "node": node, "kind": kind, "value": value, "text": text}
    telling.reported(Event.objects.create(at=timezone.now(), **facts))


def in_words(time: timedelta) -> str:
    """Hours and minutes as people say them: `2 h 5 min`; below a minute, seconds."""
    if time < timedelta(minutes=1):
        return f"{round(time.total_seconds())} s"
    hours, minutes = divmod(int(time.total_seconds() // 60), 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"
