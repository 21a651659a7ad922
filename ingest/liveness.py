"""Who was heard when: the receiver's word, taken over into the nodes' rows."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils import timezone

from cameras.models import Camera, CameraAlias, Node
from cameras.services import node_for
from ingest.receiver_state import receiver_state

log = logging.getLogger(__name__)

OF_NODE = {"node": OuterRef("pk")}
IN_USE = Exists(Camera.objects.filter(**OF_NODE, retired_at=None)) | ~(
    Exists(Camera.objects.filter(**OF_NODE)) | Exists(CameraAlias.objects.filter(**OF_NODE))
)
"""Nodes with a camera that has not retired, and those that never had one: sensors alone."""


def update() -> None:
    """Take over last words and heartbeats of every node, then mark those that are silent and those that are back."""
    for name, heard in receiver_state().get("nodes", {}).items():
        update_node(node_for(name), heard)
    for node in Node.objects.annotate(in_use=IN_USE):
        if node.last_seen_at:
            mark_silence(node, node.last_seen_at, node.in_use)


def update_node(node: Node, heard: dict[str, Any]) -> None:
    """Store what the receiver knows of a node; one that was renamed it may know by both names."""
    Node.objects.filter(pk=node.pk).update(
        last_seen_at=later(heard["last_seen_at"], node.last_seen_at),
        last_heartbeat_at=later(heard.get("last_heartbeat_at"), node.last_heartbeat_at),
        heartbeats=max(node.heartbeats, heard.get("heartbeats", 0)),
    )


def later(told: str | None, known: datetime | None) -> datetime | None:
    """The later of a time that was told, in ISO 8601, and one that is known."""
    return max(filter(None, [datetime.fromisoformat(told) if told else None, known]), default=None)


def mark_silence(node: Node, last_seen_at: datetime, in_use: bool) -> None:
    """Set or clear `silent_since` by the node's own limit; who is out of use may be silent."""
    quiet = timezone.now() - last_seen_at
    silent = in_use and bool(node.silent_after_minutes) and quiet > timedelta(minutes=node.silent_after_minutes)
    if silent != bool(node.silent_since):
        log.warning("node %s %s", node.name, "is silent" if silent else "is back")
        Node.objects.filter(pk=node.pk).update(silent_since=last_seen_at if silent else None)
