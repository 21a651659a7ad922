"""What people correct: a reading, all readings alike, a vehicle.

Each of them is one transaction, as those of `merging` and `undoing` are, and leaves a `Correction` that tells who, when
and how it was before. Who may correct is for the caller to ask: a correction of all alike changes readings of every
camera.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import User
from plates import consensus
from plates.models import Correction, CorrectionKind, Plate, PlateReading, Sighting, SightingStatus
from plates.readings import seen
from plates.remerging import Touched, lock_visits, show
from plates.removing import remove_bare_plates
from plates.teaching import teach
from plates.text import normalise
from plates.waiting import misfits, slices, visits_of

LONGEST = 16


@dataclass(frozen=True, slots=True)
class Word:
    """What a person says of readings that were read alike; an empty text: no plate."""

    kind: CorrectionKind
    read_as: str
    text: str
    by: User | None


class Settled(Exception):
    """A vehicle is no more what a person was shown, so that nothing was corrected."""


def correct_reading(reading: PlateReading, text: str, by: User | None) -> Correction:
    """Say what one reading is, in any way of writing it; empty for no plate. Its vehicle follows.

    Teaches that the text as it was read is that plate, unless it is a plate that people know or that other visits show;
    vehicles in doubt that have that text follow at once. Raises `ValidationError` for what cannot be a plate's text,
    and `PlateReading.DoesNotExist` where it is gone.
    """
    right = plate_text(text)
    with transaction.atomic():
        alone = PlateReading.objects.filter(pk=reading.pk)
        word = Word(CorrectionKind.READING, seen(alone.get()).seen, right, by)
        touched = touched_by(word, alone)
        row = alone.select_for_update().get()
        return correct([row], word, touched, teaches=not is_plate_beyond(word.read_as, touched))


def correct_alike(reading: PlateReading, text: str, by: User | None) -> Correction:
    """Say what all readings are that were read as this one was and that nobody corrected yet; empty for no plate.

    Teaches as `correct_reading` does, whatever other visits show, and raises the same.
    """
    right = plate_text(text)
    with transaction.atomic():
        word = Word(CorrectionKind.ALIKE, seen(PlateReading.objects.get(pk=reading.pk)).seen, right, by)
        alike = PlateReading.objects.filter(text=word.read_as, corrected_at=None)
        alike |= PlateReading.objects.filter(pk=reading.pk)
        touched = touched_by(word, alike)
        return correct(list(alike.select_for_update().order_by("pk")), word, touched, teaches=True)


def correct_vehicle(sighting: Sighting, text: str, by: User | None, shown: str | None = None) -> Correction:
    """Say what the vehicle of a visit is, by all of its readings, in any way of writing it; empty for no plate.

    Teaches as `correct_reading` does, that what they make together is that plate. Raises `ValidationError` for what
    cannot be a plate's text, and where the vehicle has no readings; `Sighting.DoesNotExist` where it is gone;
    `Settled` where its `state_of` is not the one that was `shown`.
    """
    right = plate_text(text)
    with transaction.atomic():
        readings = PlateReading.objects.filter(sighting=sighting.pk)
        word = Word(CorrectionKind.READING, made_together(sighting, list(readings)), right, by)
        touched = touched_by(word, readings)
        row = Sighting.objects.get(pk=sighting.pk)
        if shown is not None and shown != state_of(row):
            raise Settled
        rows = sorted(readings.select_for_update(), key=lambda one: (one.text != row.text, -one.confidence, one.pk))
        if not rows:
            raise ValidationError("No reading of that vehicle is kept any more.")
        return correct(rows, word, touched, teaches=not is_plate_beyond(word.read_as, touched))


def state_of(sighting: Sighting) -> str:
    """What is known of a vehicle, as one text, by which a form tells what it showed."""
    return f"{sighting.status} {sighting.text}"


def made_together(sighting: Sighting, readings: list[PlateReading]) -> str:
    """The text that a vehicle's readings make, whatever people said of them."""
    if not any(one.corrected_at for one in readings):
        return sighting.text
    return consensus.merge([replace(seen(one), corrected=False) for one in readings]).text


def touched_by(word: Word, readings: QuerySet[PlateReading]) -> Touched:
    """The visits of readings, and those whose vehicles may follow what is said of them; locked."""
    return lock_visits(visits_of(readings), visits_of(misfits([word.read_as, word.text], word.text)))


def is_plate_beyond(text: str, touched: Touched) -> bool:
    """Whether visits other than those of the readings in question show a plate of that text."""
    sure = Q(plate__text=text) | Q(plate=None, sighting__status=SightingStatus.NEW)
    return PlateReading.objects.filter(sure, text=text).exclude(image__visit__in=touched.own).exists()


def correct(rows: list[PlateReading], word: Word, touched: Touched, *, teaches: bool) -> Correction:
    """Give locked readings of locked visits a text, in the caller's transaction."""
    plate, made_it = Plate.objects.get_or_create(text=word.text) if word.text else (None, False)
    at = timezone.now()
    facts: dict[str, Any] = {"readings": [reading_facts(row) for row in rows], "at": at.isoformat()}
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
        before=facts | {"lessons": lessons, "made_plate": made_it, "alike": touched.alike},
        by=word.by,
    )
    show(touched.all)
    remove_bare_plates({row.plate_id for row in rows if row.plate_id})
    return made


def plate_text(text: str) -> str:
    """The normal form of what a person wrote; empty where nothing was. Raises `ValidationError`."""
    found = normalise(text)
    if text.strip() and not found:
        raise ValidationError(f"“{text}” cannot be a plate: there is no letter A to Z and no digit in it.")
    if len(found) > LONGEST:
        raise ValidationError(f"“{text}” is too long for a plate: at most {LONGEST} letters and digits.")
    return found


def reading_facts(row: PlateReading) -> list[Any]:
    """A reading as it is: number, text, plate, who corrected it and when."""
    at: datetime | None = row.corrected_at
    return [row.pk, row.text, row.plate_id, row.corrected_by_id, at.isoformat() if at else None]
