"""Something is seen, and nothing is seen for a while."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from operator import attrgetter
from typing import Any, ClassVar, Self

from alerts.conditions.base import Met, Missed, Names, minutes
from alerts.facts import SEEN, Facts, Thing
from alerts.reading import MOST_MINUTES, Reader
from cameras.models import Image

by_score = attrgetter("score")
FAR_BACK = timedelta(days=30)
"""Who has not been seen for so long is not looked for any further back."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A camera's picture shows so many things of some kinds; or, where no kind is named, a picture came."""

    kind: ClassVar[str] = "visit"
    title: ClassVar[str] = "Something is seen"
    listens: ClassVar[frozenset[str]] = frozenset({SEEN})
    lasting: ClassVar[bool] = False
    cameras: frozenset[int]
    labels: tuple[str, ...]
    count: int
    score: float
    areas: tuple[str, ...]

    @classmethod
    def read(cls, data: Any) -> Self:
        """The condition from its JSON."""
        entries = Reader(data, "A visit")
        made = cls(
            entries.numbers("cameras"),
            entries.texts("labels"),
            int(entries.number("count", 1, 100, 1)),
            entries.number("score", 0, 1, 0.5),
            entries.texts("areas"),
        )
        entries.end()
        return made

    @property
    def places(self) -> frozenset[int]:
        """The cameras it looks at."""
        return self.cameras

    def look(self, facts: Facts, within: timedelta) -> Met | Missed:
        """In the picture at hand, or else in those of the time before."""
        if facts.image and (not self.cameras or facts.camera_id in self.cameras):
            return self.look_at(facts, facts.image, facts.things())
        nearest = Missed("no picture came in time")
        for camera in sorted(self.cameras) or facts.camera_numbers():
            for found in self.looks_back(facts, camera, within):
                if isinstance(found, Met):
                    return found
                nearest = max(nearest, found, key=lambda one: one.near)
        return nearest

    def looks_back(self, facts: Facts, camera: int, within: timedelta) -> list[Met | Missed]:
        """What the pictures of a camera of the time before say, the newest first."""
        since = facts.at - within
        things = facts.recent_things(camera, since)
        return [
            self.look_at(facts, image, [one for one in things if one.image == image.pk])
            for image in facts.recent_images(camera, since)
        ]

    def look_at(self, facts: Facts, image: Image, things: Sequence[Thing]) -> Met | Missed:
        """What one picture says. Hundreds of rules may look at it: nothing is made that is not needed."""
        if not self.labels:
            return self.met(image)
        fitting = [one for one in things if one.label in self.labels]
        if not fitting:
            seen = facts.once(("seen", image.pk), lambda: ", ".join(sorted({one.label for one in things})) or "nothing")
            return Missed(f"no {' or '.join(self.labels)} was found, but {seen}", near=0.1 if things else 0.05)
        if self.areas:
            inside = [one for one in fitting if self.is_inside(facts, image, one)]
            if not inside:
                return Missed(f"the {fitting[0].label} was not in {' or '.join(self.areas)}", near=0.3)
            fitting = inside
        sure = [one for one in fitting if one.score >= self.score]
        if len(sure) >= self.count:
            return self.met(image, sure)
        best = max(fitting, key=by_score)
        if not sure:
            near = 0.4 + best.score / 10
            return Missed(f"{best.label} scored {best.score:.2f}, below {self.score:.2f}", near=near)
        return Missed(f"{len(sure)} instead of {self.count} {' or '.join(self.labels)}", near=0.6)

    def met(self, image: Image, things: Sequence[Thing] = ()) -> Met:
        """The condition is met by a picture, and by these things in it where any are asked for."""
        about: dict[str, Any] = {"camera": image.camera_id, "visit": image.visit_id, "image": image.pk}
        if things:
            best = max(things, key=by_score)
            about |= {"score": best.score, "label": best.label, "count": len(things)}
        key = f"visit:{image.visit_id}" if image.visit_id else f"image:{image.pk}"
        return Met(key, image.received_at, **about)

    def is_inside(self, facts: Facts, image: Image, thing: Thing) -> bool:
        """Whether a thing stands in one of the areas, which are a camera's regions of interest in percent."""
        areas = facts.areas(image.camera_id)
        corners = [areas[name] for name in self.areas if name in areas]
        x, y = 100 * thing.x, 100 * thing.y
        return any(
            min(x1, x2) <= x <= max(x1, x2) and min(y1, y2) <= y <= max(y1, y2) for (x1, y1), (x2, y2) in corners
        )

    def words(self, names: Names) -> str:
        """The condition as people say it."""
        what = " or ".join(self.labels) or "anything"
        many = f"at least {self.count} " if self.count > 1 else ""
        sure = f" with a score of {self.score:.2f} or more" if self.labels else ""
        where = f" in {' or '.join(self.areas)}" if self.areas else ""
        return f"{many}{what} is seen{where} at {names.of_cameras(self.cameras)}{sure}"


@dataclass(frozen=True, slots=True)
class Quiet:
    """Nothing, or nothing of some kinds, is seen for a while after something was."""

    kind: ClassVar[str] = "quiet"
    title: ClassVar[str] = "Nothing is seen for a time"
    listens: ClassVar[frozenset[str]] = frozenset({SEEN})
    lasting: ClassVar[bool] = True
    cameras: frozenset[int]
    labels: tuple[str, ...]
    minutes: float

    @classmethod
    def read(cls, data: Any) -> Self:
        """The condition from its JSON."""
        entries = Reader(data, "No visit for a time")
        made = cls(
            entries.numbers("cameras"), entries.texts("labels"), entries.number("minutes", 0.1, MOST_MINUTES, 60)
        )
        entries.end()
        return made

    @property
    def places(self) -> frozenset[int]:
        """The cameras it looks at."""
        return self.cameras

    def look(self, facts: Facts, within: timedelta) -> Met | Missed:
        """Whether the last such picture of all the cameras is old enough."""
        numbers = sorted(self.cameras) or facts.camera_numbers()
        rows = [facts.last_image(number, self.labels, FAR_BACK) for number in numbers]
        newest = max(filter(None, rows), key=lambda one: one.received_at, default=None)
        what = " or ".join(self.labels) or "anything"
        if newest is None:
            return Missed(f"{what} was not seen in the last {FAR_BACK.days} days, so that nothing has ended")
        due = newest.received_at + timedelta(minutes=self.minutes)
        if facts.at < due:
            return Missed(f"{what} was seen less than {minutes(self.minutes)} before", due)
        return Met(f"quiet:{newest.pk}", due, camera=newest.camera_id, image=newest.pk, value=minutes(self.minutes))

    def words(self, names: Names) -> str:
        """The condition as people say it."""
        what = " or ".join(self.labels) or "anything"
        return f"no {what} is seen for {minutes(self.minutes)} at {names.of_cameras(self.cameras)}".replace(
            "no anything", "nothing"
        )
