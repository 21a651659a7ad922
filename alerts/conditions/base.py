"""What a condition is, and what it says of the facts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar, Protocol

from alerts.facts import Facts


@dataclass(frozen=True, slots=True)
class Names:
    """What cameras and nodes are called, for sentences."""

    cameras: dict[int, str]
    nodes: dict[int, str]

    def of_cameras(self, numbers: frozenset[int], anywhere: str = "any camera") -> str:
        """Cameras in words."""
        return " or ".join(self.cameras.get(one, f"camera {one}, which is gone") for one in sorted(numbers)) or anywhere

    def of_nodes(self, numbers: frozenset[int]) -> str:
        """Nodes in words."""
        return " or ".join(self.nodes.get(one, f"node {one}, which is gone") for one in sorted(numbers)) or "any node"


@dataclass(frozen=True, slots=True)
class Met:
    """A condition is met, and by what."""

    key: str
    """Of what it was met by: a visit, a vehicle, an event, a state since a time. Alike for all looks at the same."""
    at: datetime
    camera: int | None = None
    node: int | None = None
    visit: int | None = None
    event: int | None = None
    image: int | None = None
    score: float = 0.0
    label: str = ""
    count: int = 0
    plate: str = ""
    owner: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Missed:
    """A condition is not met."""

    reason: str
    due_at: datetime | None = None
    """When it will be met if nothing happens until then."""
    near: float = 0.0
    """How near it came, from 0 to 1: of several looks at a visit, the nearest is kept."""


class Condition(Protocol):
    """One thing that a rule waits for. A frozen dataclass; `read` makes it of JSON or raises `ValidationError`."""

    kind: ClassVar[str]
    title: ClassVar[str]
    """How the editor calls it."""
    listens: ClassVar[frozenset[str]]
    """After what it may be met: SEEN, READ, OVER, EVENT."""
    lasting: ClassVar[bool]
    """Whether it is a state that holds, rather than something that happens."""

    @property
    def places(self) -> frozenset[int]:
        """The cameras that alone can make it true; empty for any."""
        ...

    def look(self, facts: Facts, within: timedelta) -> Met | Missed:
        """Whether it is met by what happened in that time up to the facts' own."""
        ...

    def words(self, names: Names) -> str:
        """The condition as people say it."""
        ...


def minutes(number: float) -> str:
    """A number of minutes in words."""
    return f"{number:g} minute{'' if number == 1 else 's'}"
