"""A node reports something, falls silent, or is back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar, Self

from alerts.conditions.base import Met, Missed, Names
from alerts.facts import EVENT, Facts
from alerts.reading import Reader
from cameras.models import Event


@dataclass(frozen=True, slots=True)
class Reported:
    """An event of some kinds, with some value, in some regions of interest."""

    kind: ClassVar[str] = "event"
    title: ClassVar[str] = "A node reports something"
    listens: ClassVar[frozenset[str]] = frozenset({EVENT})
    lasting: ClassVar[bool] = False
    cameras: frozenset[int]
    nodes: frozenset[int]
    kinds: tuple[str, ...]
    value: str
    areas: tuple[str, ...]

    @classmethod
    def read(cls, data: Any) -> Self:
        """The condition from its JSON."""
        entries = Reader(data, "An event")
        made = cls(
            entries.numbers("cameras"),
            entries.numbers("nodes"),
            entries.texts("kinds"),
            entries.text("value"),
            entries.texts("areas"),
        )
        entries.end()
        return made

    @property
    def places(self) -> frozenset[int]:
        """The cameras it looks at."""
        return self.cameras

    def look(self, facts: Facts, within: timedelta) -> Met | Missed:
        """The event at hand, or else those of the time before."""
        if facts.event:
            found = self.look_at(facts.event)
            if isinstance(found, Met) or within <= timedelta(0):
                return found
        where: dict[str, Any] = {"camera__in": sorted(self.cameras)} if self.cameras else {}
        where |= {"kind__in": self.kinds} if self.kinds else {}
        since = facts.at - within
        for event in facts.events(since, facts.around(since), **where):
            met = self.look_at(event)
            if isinstance(met, Met):
                return met
        return found if facts.event else Missed(f"no {self.what()} was reported within {within.total_seconds():g} s")

    def look_at(self, event: Event) -> Met | Missed:
        """What one event says."""
        if self.cameras and event.camera_id not in self.cameras:
            return Missed("it came from another camera")
        if self.nodes and event.node_id not in self.nodes:
            return Missed("it came from another node")
        if self.kinds and event.kind not in self.kinds:
            return Missed(f"{event.kind} is not {' or '.join(self.kinds)}", near=0.1)
        if self.value and event.value.lower() != self.value.lower():
            return Missed(f"{event.kind} was {event.value!r}, not {self.value!r}", near=0.3)
        if self.areas and event.roi not in self.areas:
            return Missed(f"it was in {event.roi or 'no region'}, not in {' or '.join(self.areas)}", near=0.4)
        about: dict[str, Any] = {"camera": event.camera_id, "node": event.node_id, "event": event.pk}
        return Met(f"event:{event.pk}", event.at, label=event.kind, value=event.value, **about)

    def what(self) -> str:
        """The event in words."""
        return f"{' or '.join(self.kinds) or 'event'}{f' “{self.value}”' if self.value else ''}"

    def words(self, names: Names) -> str:
        """The condition as people say it."""
        where = f" in {' or '.join(self.areas)}" if self.areas else ""
        by = names.of_cameras(self.cameras) if self.cameras else names.of_nodes(self.nodes)
        return f"{self.what()}{where} is reported by {by}"


@dataclass(frozen=True, slots=True)
class NodeChange:
    """A node falls silent, or is back."""

    kind: ClassVar[str] = "node"
    title: ClassVar[str] = "A node falls silent or is back"
    listens: ClassVar[frozenset[str]] = frozenset({EVENT})
    lasting: ClassVar[bool] = False
    nodes: frozenset[int]
    state: str

    @classmethod
    def read(cls, data: Any) -> Self:
        """The condition from its JSON."""
        entries = Reader(data, "A node")
        made = cls(entries.numbers("nodes"), entries.choice("state", ("silent", "back"), "silent"))
        entries.end()
        return made

    @property
    def places(self) -> frozenset[int]:
        """Nodes tell this, not cameras."""
        return frozenset()

    def look(self, facts: Facts, within: timedelta) -> Met | Missed:
        """As an event of that kind."""
        return Reported(frozenset(), self.nodes, (self.state,), "", ()).look(facts, within)

    def words(self, names: Names) -> str:
        """The condition as people say it."""
        return f"{names.of_nodes(self.nodes)} {'falls silent' if self.state == 'silent' else 'is back'}"
