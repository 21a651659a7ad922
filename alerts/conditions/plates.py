"""A vehicle with a certain plate is seen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from fnmatch import fnmatchcase
from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError

from alerts.conditions.base import Met, Missed, Names
from alerts.facts import OVER, READ, Facts
from alerts.reading import Reader
from plates.models import Sighting, SightingStatus

LISTS = {"known": "known", "watch": "watched", "ignore": "ignored", "unknown": "unknown"}


@dataclass(frozen=True, slots=True)
class PlateSeen:
    """A vehicle whose plate is on one of some lists, or is one of some plates or patterns; any where none is named."""

    kind: ClassVar[str] = "plate"
    title: ClassVar[str] = "A number plate is read"
    listens: ClassVar[frozenset[str]] = frozenset({READ, OVER})
    lasting: ClassVar[bool] = False
    cameras: frozenset[int]
    lists: tuple[str, ...]
    plates: tuple[str, ...]

    @classmethod
    def read(cls, data: Any) -> Self:
        """The condition from its JSON."""
        entries = Reader(data, "A plate")
        cameras, lists = entries.numbers("cameras"), entries.texts("lists")
        if set(lists) - set(LISTS):
            raise ValidationError(f"A plate: lists are {', '.join(LISTS)}, not {', '.join(set(lists) - set(LISTS))}.")
        plates = tuple(pattern(one) for one in entries.texts("plates"))
        entries.end()
        return cls(cameras, lists, plates)

    @property
    def places(self) -> frozenset[int]:
        """The cameras it looks at."""
        return self.cameras

    def look(self, facts: Facts, within: timedelta) -> Met | Missed:
        """The vehicles of the visit at hand, or else of the visits of the time before."""
        nearest = Missed("no number plate was read")
        for visit in self.visits(facts, within):
            for one in facts.sightings(visit.pk):
                found = self.look_at(one, visit.camera_id, over=facts.what == OVER or visit.closed_at is not None)
                if isinstance(found, Met):
                    return found
                nearest = max(nearest, found, key=lambda each: each.near)
        return nearest

    def visits(self, facts: Facts, within: timedelta) -> list[Any]:
        """Whose vehicles count."""
        if facts.visit and (not self.cameras or facts.camera_id in self.cameras):
            return [facts.visit]
        cameras = sorted(self.cameras) or facts.camera_numbers()
        return [visit for camera in cameras for visit in facts.recent_visits(camera, facts.at - within)]

    def look_at(self, row: Sighting, camera: int, *, over: bool) -> Met | Missed:
        """What one vehicle says. That a plate is on no list is sure only when its visit is over."""
        plate = row.plate
        text = plate.text if plate else row.text
        if not text:
            return Missed("the vehicle's plate could not be read", near=0.1)
        on = (plate.list if plate else "") or "unknown"
        if self.plates and not any(fnmatchcase(text, one) for one in self.plates):
            return Missed(f"{text} is none of {', '.join(self.plates)}", near=0.2)
        if self.lists and on not in self.lists:
            return Missed(f"{text} is {LISTS[on]}, not {' or '.join(LISTS[one] for one in self.lists)}", near=0.3)
        if plate is None and not over:
            return Missed(f"{text} may still change until the visit is over", near=0.5)
        if plate is None and row.status == SightingStatus.AMBIGUOUS and self.lists:
            return Missed(f"{text} is like a plate on a list, but not surely that one", near=0.6)
        return Met(
            f"visit:{row.visit_id}:vehicle:{row.pk}",
            row.at,
            camera=camera,
            visit=row.visit_id,
            image=row.best_image_id,
            score=row.confidence,
            label=row.label,
            count=1,
            plate=text,
            owner=plate.owner if plate else "",
        )

    def words(self, names: Names) -> str:
        """The condition as people say it."""
        which = " or ".join(self.plates) or "plate"
        lists = " or ".join(LISTS[one] for one in self.lists)
        what = f"{which} ({lists})" if self.plates and lists else f"a {lists} plate".replace("a u", "an u")
        if self.plates and not lists:
            what = f"the plate {which}"
        return f"{what if lists or self.plates else 'any plate'} is read at {names.of_cameras(self.cameras)}"


def pattern(text: str) -> str:
    """A plate in normal form; `?` stands for one character and `*` for any number. Raises `ValidationError`."""
    found = "".join(one for one in text.upper() if one.isalnum() or one in "?*")
    if not found or len(found) > 16 or not found.isascii():
        raise ValidationError(f"{text!r} is no plate: write letters and digits, ? for one and * for any number.")
    return found
