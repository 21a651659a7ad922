"""When each node was last heard of, and how often it usually is. Bounded: invented names cannot fill the memory."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

MOST_NODES = 1000
FORGET = timedelta(days=30)
DAYS_LEARNED = 7
PACE_MINUTES = 10
SHORTEST_GAP = 1.0  # seconds; what is shorter is no gap, and bursts are spared the work


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
    longest_gaps: dict[str, float] = field(default_factory=dict)
    """For each of the last days (UTC) on which there was a gap: the longest time between two messages, in seconds."""


class Nodes:
    """The nodes by name. Once it is full a new name is not followed, so a flood cannot push a real node out."""

    def __init__(self, before: object) -> None:
        """Take over what the last receiver knew (the `nodes` of its file), without what is long silent."""
        oldest = (datetime.now(UTC) - FORGET).isoformat()
        known = before if isinstance(before, dict) else {}
        loaded = {str(name): _node(entry) for name, entry in list(known.items())[:MOST_NODES]}
        self._nodes = {name: node for name, node in loaded.items() if node and node.last_seen_at > oldest}
        # What came before this process began says nothing of gaps: nobody may have listened in between.
        self._heard: dict[str, datetime] = {}
        self._minutes: dict[str, dict[int, int]] = {}

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

    def document(self, now: datetime) -> dict[str, dict[str, Any]]:
        """A copy for the status file, each with its messages a minute over the last ten minutes."""
        minute = _minute(now)
        return {
            name: asdict(node) | {"messages_per_minute": _pace(self._minutes.get(name, {}), minute)}
            for name, node in self._nodes.items()
        }

    def _seen(self, name: str, at: datetime) -> Node | None:
        when = at.isoformat(timespec="microseconds")
        node = self._nodes.get(name)
        if node is None and len(self._nodes) < MOST_NODES:
            node = self._nodes[name] = Node(when)
        if node is not None:
            node.last_seen_at = when
            self._learn(name, node, at)
        return node

    def _learn(self, name: str, node: Node, at: datetime) -> None:
        before, self._heard[name] = self._heard.get(name), at
        minute, minutes = _minute(at), self._minutes.setdefault(name, {})
        minutes[minute] = minutes.get(minute, 0) + 1
        if len(minutes) > PACE_MINUTES:
            del minutes[next(iter(minutes))]
        gap = round((at - before).total_seconds(), 1) if before else 0.0
        if gap < SHORTEST_GAP:
            return
        day = f"{at:%Y-%m-%d}"
        if gap > node.longest_gaps.get(day, -1.0):
            node.longest_gaps[day] = gap
            for old in sorted(node.longest_gaps)[:-DAYS_LEARNED]:
                del node.longest_gaps[old]


def _minute(at: datetime) -> int:
    return int(at.timestamp() // 60)


def _pace(minutes: dict[int, int], now: int) -> float:
    lately = sum(count for minute, count in minutes.items() if minute > now - PACE_MINUTES)
    return round(lately / PACE_MINUTES, 2)


def _node(entry: object) -> Node | None:
    """A node as a status file has it; None where it is not one."""
    if not isinstance(entry, dict):
        return None
    try:
        node = Node(**{name: value for name, value in entry.items() if name != "messages_per_minute"})
    except TypeError:
        return None
    gaps = node.longest_gaps if isinstance(node.longest_gaps, dict) else {}
    node.longest_gaps = {str(day): float(gap) for day, gap in gaps.items() if isinstance(gap, int | float)}
    return node if isinstance(node.last_seen_at, str) and _counted(node) else None


def _counted(node: Node) -> bool:
    counts: list[object] = [node.heartbeats, node.messages, node.images]
    return isinstance(node.refused, dict) and all(type(one) is int for one in [*counts, *node.refused.values()])
