"""What corrections teach: texts that are misread plates, or none."""

from __future__ import annotations

from typing import TypedDict

from accounts.models import User
from plates.models import Plate, PlateAlias

SHORTEST = 4
"""Fewer characters are no misread plate but a scrap of one, of which any plate may be the whole."""


class Lesson(TypedDict):
    """What a text stood for before it was taught otherwise, and what it was then taught to stand for."""

    text: str
    before: int | None
    """The plate, or None: no plate. Counts only where `was_alias`."""
    was_alias: bool
    now: int | None
    is_alias: bool


def teach(text: str, plate: Plate | None, by: User | None) -> list[Lesson]:
    """Have a text stand for a plate, or for none, from now on; a plate's own text stands for itself.

    Returns what has to be kept so that `unteach` can take it back. Called inside a transaction.
    """
    lessons = []
    if plate and plate.text != text:
        lessons += forget(plate.text)
    if plate and plate.text == text:
        return [*lessons, *forget(text)]
    if len(text) >= SHORTEST:
        old = PlateAlias.objects.filter(text=text).first()
        PlateAlias.objects.update_or_create(text=text, defaults={"plate": plate, "created_by": by})
        lessons.append(lesson(text, old, PlateAlias(text=text, plate=plate)))
    return lessons


def forget(text: str) -> list[Lesson]:
    """Have a text stand for itself."""
    old = PlateAlias.objects.filter(text=text).first()
    if old is None:
        return []
    old_row = lesson(text, old, None)
    old.delete()
    return [old_row]


def lesson(text: str, old: PlateAlias | None, new: PlateAlias | None) -> Lesson:
    """What changed for a text."""
    return {
        "text": text,
        "before": old.plate_id if old else None,
        "was_alias": old is not None,
        "now": new.plate_id if new else None,
        "is_alias": new is not None,
    }


def unteach(lessons: list[Lesson], by: User | None) -> None:
    """Have texts stand for what they stood for, unless they were taught something else meanwhile."""
    for one in reversed(lessons):
        now = PlateAlias.objects.filter(text=one["text"]).first()
        if (now is not None, now.plate_id if now else None) != (one["is_alias"], one["now"]):
            continue
        plate = Plate.objects.filter(pk=one["before"]).first() if one["before"] else None
        if one["was_alias"] and bool(plate) == bool(one["before"]):
            PlateAlias.objects.update_or_create(text=one["text"], defaults={"plate": plate, "created_by": by})
        elif now:
            now.delete()
