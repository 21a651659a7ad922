"""Who was heard when: the receiver's word, taken over into the nodes' rows."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from cameras.models import Node
from cameras.services import node_for
from ingest.receiver_state import receiver_state

log = logging.getLogger(__name__)


def update() -> None:
    """Take over last words and heartbeats of every node, then mark those that are silent and those that are back."""
    for name, heard in receiver_state().get("nodes", {}).items():
        update_node(node_for(name), heard)
    for node in Node.objects.all():
        if node.last_seen_at:
            mark_silence(node, node.last_seen_at)


def update_node(node: Node, heard: dict[str, Any]) -> None:
    """Store what the receiver knows of a node."""
    heartbeat = heard.get("last_heartbeat_at")
    Node.objects.filter(pk=node.pk).update(
        last_seen_at=datetime.fromisoformat(heard["last_seen_at"]),
        last_heartbeat_at=datetime.fromisoformat(heartbeat) if heartbeat else node.last_heartbeat_at,
        heartbeats=max(node.heartbeats, heard.get("heartbeats", 0)),
    )


def mark_silence(node: Node, last_seen_at: datetime) -> None:
    """Set or clear `silent_since` by the node's own limit."""
    quiet = timezone.now() - last_seen_at
    silent = bool(node.silent_after_minutes) and quiet > timedelta(minutes=node.silent_after_minutes)
    if silent != bool(node.silent_since):
        log.warning("node %s %s", node.name, "is silent" if silent else "is back")
        Node.objects.filter(pk=node.pk).update(silent_since=last_seen_at if silent else None)
