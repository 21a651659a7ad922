"""What people correct: a reading, all readings alike, two plates that are one; and undoing each.

Every one of them is one transaction and leaves a `Correction` that tells who, when and how it was before. Who may
correct is for the caller to ask: a correction of all alike changes readings of every camera.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from cameras.models import Visit
from plates.models import Correction, CorrectionKind, Plate, PlateReading, Sighting, SightingStatus, note_sightings
from plates.readings import seen
from plates.removing import remove_bare_plates
from plates.sightings import merge_sightings
from plates.teaching import Lesson, teach
from plates.text import normalise

LONGEST = 16
MERGED_AT_ONCE = 20
"""So many visits show a correction at once; the schedule does the others within seconds."""
NOTES = ("owner", "vehicle_type", "colour", "list")
"""What people noted of a plate."""


@dataclass(frozen=True, slots=True)
class Word:
    """What a person says of readings that were read alike; an empty text: no plate."""

    kind: CorrectionKind
    read_as: str
    text: str
    by: User | None


def correct_reading(reading: PlateReading, text: str, by: User | None) -> Correction:
    """Say what one reading is, in any way of writing it; empty for no plate. Its vehicle follows.

    Teaches that the text as it was read is that plate, unless it is a plate that people know or that other visits show.
    Raises `ValidationError` for what cannot be a plate's text.
    """
    right = plate_text(text)
    with transaction.atomic():
        locked = lock_visits(PlateReading.objects.filter(pk=reading.pk))
        row = PlateReading.objects.select_for_update().get(pk=reading.pk)
        read_as = seen(row).seen
        elsewhere = PlateReading.objects.filter(text=read_as, corrected_at=None).exclude(image__visit=row.image.visit)
        others = elsewhere.exclude(pk=row.pk).exists()
        return correct([row], Word(CorrectionKind.READING, read_as, right, by), locked, teaches=not others)


def correct_alike(reading: PlateReading, text: str, by: User | None) -> Correction:
    """Say what all readings are that were read as this one was and that nobody corrected yet; empty for no plate.

    Teaches as `correct_reading` does. Raises `ValidationError` for what cannot be a plate's text.
    """
    right = plate_text(text)
    with transaction.atomic():
        read_as = seen(PlateReading.objects.get(pk=reading.pk)).seen
        alike = PlateReading.objects.filter(text=read_as, corrected_at=None)
        alike |= PlateReading.objects.filter(pk=reading.pk)
        locked = lock_visits(alike)
        rows = list(alike.select_for_update().order_by("pk"))
        return correct(rows, Word(CorrectionKind.ALIKE, read_as, right, by), locked, teaches=True)


def correct_vehicle(sighting: Sighting, text: str, by: User | None) -> Correction:
    """Say what the vehicle of a visit is, by all of its readings, in any way of writing it; empty for no plate.

    Teaches as `correct_reading` does, that what they make together is that plate. Raises `ValidationError` for what
    cannot be a plate's text, and where the vehicle has no readings.
    """
    right = plate_text(text)
    with transaction.atomic():
        of_it = PlateReading.objects.filter(sighting=sighting.pk)
        locked = lock_visits(of_it)
        rows = sorted(of_it.select_for_update(), key=lambda one: (one.text != sighting.text, -one.confidence, one.pk))
        if not rows:
            raise ValidationError("No reading of that vehicle is kept any more.")
        read_as = seen(rows[0]).seen if any(one.corrected_at for one in rows) else sighting.text
        elsewhere = PlateReading.objects.filter(text=read_as, corrected_at=None)
        others = elsewhere.exclude(image__visit=sighting.visit_id).exists()
        return correct(rows, Word(CorrectionKind.READING, read_as, right, by), locked, teaches=not others)


def correct(rows: list[PlateReading], word: Word, visits: list[int], *, teaches: bool) -> Correction:
    """Give locked readings of locked visits a text, in the caller's transaction."""
    plate, made_it = Plate.objects.get_or_create(text=word.text) if word.text else (None, False)
    at = timezone.now()
    before = [reading_facts(row) for row in rows]
    for numbers in slices([row.pk for row in rows]):
        some = PlateReading.objects.filter(pk__in=numbers)
        some.update(text=word.text, plate=plate, corrected_by=word.by, corrected_at=at)
    known = Plate.objects.filter(text=word.read_as).first()
    teaches = teaches and (known is None or known == plate or not known.is_known)
    lessons = teach(word.read_as, plate, word.by) if teaches else []
    made = Correction.objects.create(
        kind=word.kind,
        was=rows[0].text or word.read_as,
        text=word.text,
        plate=plate,
        readings=len(rows),
        before={"readings": before, "lessons": lessons, "at": at.isoformat(), "made_plate": made_it},
        by=word.by,
    )
    show(visits)
    remove_bare_plates({row.plate_id for row in rows if row.plate_id})
    return made


def merge_plates(plate: Plate, into: Plate, by: User | None) -> Correction:
    """Make two plates one: all that belongs to the first goes to the second, whose empty notes it fills.

    Teaches that the first one's text is the second. Raises `ValidationError` for a plate and itself.
    """
    if plate.pk == into.pk:
        raise ValidationError("A plate cannot be merged into itself.")
    with transaction.atomic():
        rows = Plate.objects.select_for_update().order_by("pk").in_bulk([plate.pk, into.pk])
        if len(rows) < 2:
            raise ValidationError("One of the two plates is not there any more.")
        plate, into = rows[plate.pk], rows[into.pk]
        before: dict[str, Any] = plate_facts(plate) | {"into": {name: getattr(into, name) for name in NOTES}}
        note_sightings(plate)
        PlateReading.objects.filter(plate=plate).update(plate=into)
        Sighting.objects.filter(plate=plate).update(plate=into)
        Sighting.objects.filter(pk__in=before["new"]).update(status=SightingStatus.MATCHED)
        plate.aliases.update(plate=into)
        plate.corrections.update(plate=into)
        for name in NOTES:
            setattr(into, name, getattr(into, name) or getattr(plate, name))
        into.save()
        number, text = plate.pk, plate.text
        plate.delete()
        lessons: list[Lesson] = teach(text, into, by)
        facts = before | {"number": number, "lessons": lessons}
        count = len(before["readings"])
        return Correction.objects.create(
            kind=CorrectionKind.MERGE, was=text, text=into.text, plate=into, readings=count, before=facts, by=by
        )


def plate_text(text: str) -> str:
    """The normal form of what a person wrote; empty where nothing was. Raises `ValidationError`."""
    found = normalise(text)
    if text.strip() and not found:
        raise ValidationError(f"“{text}” cannot be a plate: there is no letter A to Z and no digit in it.")
    if len(found) > LONGEST:
        raise ValidationError(f"“{text}” is too long for a plate: at most {LONGEST} letters and digits.")
    return found


def lock_visits(readings: Any) -> list[int]:
    """The visits of readings, locked in one order and due to be merged anew."""
    numbers = sorted({one for one in readings.values_list("image__visit", flat=True).order_by() if one})
    for some in slices(numbers):
        list(Visit.objects.select_for_update().filter(pk__in=some).order_by("pk").values_list("pk"))
        Visit.objects.filter(pk__in=some).update(stale=True)
    return numbers


def show(visits: Iterable[int]) -> None:
    """Merge the first of some visits anew; the others are due."""
    for visit in list(visits)[:MERGED_AT_ONCE]:
        merge_sightings(visit)


def reading_facts(row: PlateReading) -> list[Any]:
    """A reading as it is: number, text, plate, who corrected it and when."""
    at: datetime | None = row.corrected_at
    return [row.pk, row.text, row.plate_id, row.corrected_by_id, at.isoformat() if at else None]


def plate_facts(plate: Plate) -> dict[str, Any]:
    """All that a plate is and has, as it is."""
    return {
        "plate": {name: getattr(plate, name) for name in ("text", *NOTES)}
        | {"created_at": plate.created_at.isoformat()},
        "readings": list(plate.readings.order_by("pk").values_list("pk", flat=True)),
        "sightings": list(plate.sightings.order_by("pk").values_list("pk", flat=True)),
        "new": list(plate.sightings.filter(status=SightingStatus.NEW).values_list("pk", flat=True)),
        "aliases": list(plate.aliases.values_list("text", flat=True)),
        "corrections": list(plate.corrections.values_list("pk", flat=True)),
    }


def slices(numbers: list[int], size: int = 500) -> Iterable[list[int]]:
    """A list in parts that a statement can hold."""
    return (numbers[first : first + size] for first in range(0, len(numbers), size))
