"""A light is on, or a sensor reads too much or too little, for a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError

from alerts.conditions.base import Met, Missed, Names, minutes
from alerts.facts import EVENT, MOST_IMAGES, Facts
from alerts.reading import MOST_MINUTES, Reader
from cameras.models import Event

FAR_BACK = timedelta(days=30)
Judge = Callable[[Event], bool]


@dataclass(frozen=True, slots=True)
class Light:
    """What a camera last reported of the light, for so long."""

    kind: ClassVar[str] = "light"
    title: ClassVar[str] = "The light is on or off"
    listens: ClassVar[frozenset[str]] = frozenset({EVENT})
    lasting: ClassVar[bool] = True
    cameras: frozenset[int]
    state: str
    minutes: float

    @classmethod
    def read(cls, data: Any) -> Self:
        """The condition from its JSON."""
        entries = Reader(data, "A light")
        made = cls(
            entries.numbers("cameras"),
            entries.choice("state", ("lighted", "dark"), "lighted"),
            entries.number("minutes", 0, MOST_MINUTES, 0),
        )
        entries.end()
        return made

    @property
    def places(self) -> frozenset[int]:
        """The cameras it looks at."""
        return self.cameras

    def look(self, facts: Facts, within: timedelta) -> Met | Missed:
        """The camera that is so for the shortest time counts."""
        wanted = [("camera", number) for number in sorted(self.cameras) or facts.camera_numbers()]
        state = State("light", lambda one: one.value.lower() == self.state, self.minutes, self.state)
        return lasting(facts, wanted, state)

    def words(self, names: Names) -> str:
        """The condition as people say it."""
        long = f" for {minutes(self.minutes)}" if self.minutes else ""
        return f"it is {self.state} at {names.of_cameras(self.cameras)}{long}"


@dataclass(frozen=True, slots=True)
class Sensor:
    """A sensor's readings are above or below a number for so long."""

    kind: ClassVar[str] = "sensor"
    title: ClassVar[str] = "A sensor is above or below a value"
    listens: ClassVar[frozenset[str]] = frozenset({EVENT})
    lasting: ClassVar[bool] = True
    nodes: frozenset[int]
    reading: str
    side: str
    limit: float
    minutes: float

    @classmethod
    def read(cls, data: Any) -> Self:
        """The condition from its JSON."""
        entries = Reader(data, "A sensor")
        made = cls(
            entries.numbers("nodes"),
            entries.text("reading"),
            entries.choice("side", ("above", "below"), "above"),
            entries.number("limit", -1e9, 1e9),
            entries.number("minutes", 0, MOST_MINUTES, 0),
        )
        entries.end()
        if not made.reading:
            raise ValidationError("A sensor: reading is empty; write what the node calls it, such as Temp.")
        return made

    @property
    def places(self) -> frozenset[int]:
        """Nodes tell this, not cameras."""
        return frozenset()

    def is_beyond(self, event: Event) -> bool:
        """Whether a reading is on that side of the number."""
        number = event.number
        return number is not None and (number > self.limit if self.side == "above" else number < self.limit)

    def look(self, facts: Facts, within: timedelta) -> Met | Missed:
        """The node that is so for the shortest time counts."""
        wanted = [("node", number) for number in sorted(self.nodes) or facts.node_numbers()]
        state = State(self.reading, self.is_beyond, self.minutes, f"{self.side} {self.limit:g}")
        return lasting(facts, wanted, state)

    def words(self, names: Names) -> str:
        """The condition as people say it."""
        long = f" for {minutes(self.minutes)}" if self.minutes else ""
        return f"{self.reading} of {names.of_nodes(self.nodes)} is {self.side} {self.limit:g}{long}"


@dataclass(frozen=True, slots=True)
class State:
    """What lasting events of a kind have to say, in code and in words, and for how many minutes."""

    kind: str
    says: Judge
    least: float
    words: str


def lasting(facts: Facts, places: Sequence[tuple[str, int]], state: State) -> Met | Missed:
    """Whether the latest events of any of these cameras or nodes say so, and have said so for so many minutes.

    An episode begins with the first event that says so after one that does not, and has that event's number.
    """
    nearest: Missed | None = None
    met: Met | None = None
    for name, number in places:
        where: dict[str, Any] = {name: number, "kind": state.kind}
        rows = [one for one in facts.events(facts.at - FAR_BACK, facts.at, **where) if told(one)]
        begun = episode(rows, state.says)
        if begun is None:
            nearest = nearest or Missed(
                f"{state.kind} was {rows[0].value!r}" if rows else f"no {state.kind} was ever reported"
            )
            continue
        due = begun.at + timedelta(minutes=state.least)
        if facts.at < due:
            nearest = Missed(f"{state.kind} was {state.words} for less than {minutes(state.least)}", due, near=0.5)
        elif met is None or begun.at > met.at:
            about: dict[str, Any] = {"camera": begun.camera_id, "node": begun.node_id, "event": begun.pk}
            met = Met(f"since:{begun.pk}", begun.at, label=state.kind, value=rows[0].value, **about)
    return met or nearest or Missed(f"no {state.kind} was ever reported")


def told(event: Event) -> bool:
    """Whether an event says anything of a state."""
    return bool(event.value)


def episode(rows: Sequence[Event], judge: Judge) -> Event | None:
    """The event with which the state began that holds now, of events with the newest first; None where none holds."""
    begun = None
    for event in rows[:MOST_IMAGES]:
        if not judge(event):
            break
        begun = event
    return begun
