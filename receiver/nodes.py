"""When each node was last heard of. Bounded: invented names cannot fill the memory."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

MOST_NODES = 1000
FORGET = timedelta(days=30)


@dataclass(slots=True)
class Node:
    """What is known of a node; times are ISO-8601 UTC."""

    last_seen_at: str
    last_heartbeat_at: str | None = None
    heartbeats: int = 0
    messages: int = 0
    refused: dict[str, int] = field(default_factory=dict)
    """How often, by reason."""
    images: int = 0
    """Pictures let in on `images_on`, a local day."""
    images_on: str = ""


class Nodes:
    """The nodes by name. Once it is full a new name is not followed, so a flood cannot push a real node out."""

    def __init__(self, before: object) -> None:
        """Take over what the last receiver knew (the `nodes` of its file), without what is long silent."""
        oldest = (datetime.now(UTC) - FORGET).isoformat()
        known = before if isinstance(before, dict) else {}
        loaded = {str(name): _node(entry) for name, entry in list(known.items())[:MOST_NODES]}
        self._nodes = {name: node for name, node in loaded.items() if node and node.last_seen_at > oldest}

    def message(self, name: str, at: datetime) -> None:
        """The node sent something."""
        if node := self._seen(name, at):
            node.messages += 1

    def heartbeat(self, name: str, at: datetime) -> None:
        """The node sent a heartbeat, which is a message too."""
        if node := self._seen(name, at):
            node.messages += 1
            node.heartbeats += 1
            node.last_heartbeat_at = node.last_seen_at

    def image(self, name: str, day: str) -> None:
        """A picture of the node was let in on that day."""
        if node := self._nodes.get(name):
            node.images, node.images_on = self.images_of(name, day) + 1, day

    def images_of(self, name: str, day: str) -> int:
        """Pictures let in on that day."""
        node = self._nodes.get(name)
        return node.images if node and node.images_on == day else 0

    def refused(self, name: str, reason: str) -> None:
        """A message of the node was refused. One that never sent a good message is not followed."""
        if node := self._nodes.get(name):
            node.refused[reason] = node.refused.get(reason, 0) + 1

    def document(self) -> dict[str, dict[str, Any]]:
        """A copy for the status file."""
        return {name: asdict(node) for name, node in self._nodes.items()}

    def _seen(self, name: str, at: datetime) -> Node | None:
        when = at.isoformat(timespec="microseconds")
        node = self._nodes.get(name)
        if node is None and len(self._nodes) < MOST_NODES:
            node = self._nodes[name] = Node(when)
        if node is not None:
            node.last_seen_at = when
        return node


def _node(entry: object) -> Node | None:
    try:
        node = Node(**entry) if isinstance(entry, dict) else None
    except TypeError:
        return None
    return node if node and isinstance(node.last_seen_at, str) and _counted(node) else None


def _counted(node: Node) -> bool:
    counts: list[object] = [node.heartbeats, node.messages, node.images]
    return isinstance(node.refused, dict) and all(type(one) is int for one in [*counts, *node.refused.values()])
