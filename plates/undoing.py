"""Taking corrections back. What was changed again since then stays as it is."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from plates.merging import NOTES
from plates.models import (
    Correction,
    CorrectionKind,
    Plate,
    PlateAlias,
    PlateReading,
    Sighting,
    SightingStatus,
    note_sightings,
)
from plates.remerging import Touched, lock_visits, show
from plates.removing import remove_bare_plates
from plates.teaching import unteach
from plates.waiting import misfits, slices, visits_of


def undo(correction: Correction, by: User | None) -> Correction:
    """Have everything that a correction changed be as it was, but for what was changed again since then.

    What it taught is forgotten. Raises `ValidationError` where it was undone already.
    """
    with transaction.atomic():
        row = Correction.objects.select_for_update().get(pk=correction.pk)
        if row.undone_at:
            raise ValidationError("That was undone already.")
        row.undone_by, row.undone_at = by, timezone.now()
        row.save(update_fields=["undone_by", "undone_at"])
        visits = touched_by(row).all
        unmerge(row) if row.kind == CorrectionKind.MERGE else take_back(row)
        unteach(row.before["lessons"], by)
        if row.plate_id and row.before.get("made_plate"):
            withdraw(row.plate_id, visits)
        show(visits)
        remove_bare_plates({row.plate_id} if row.plate_id else set())
    return row


def touched_by(correction: Correction) -> Touched:
    """The visits of a correction's readings, and those that followed what it said or taught; locked."""
    facts = correction.before
    readings = [one[0] if isinstance(one, list) else one for one in facts["readings"]]
    own = {one for some in slices(readings) for one in visits_of(PlateReading.objects.filter(pk__in=some))}
    followed = visits_of(misfits([one["text"] for one in facts["lessons"]]))
    return lock_visits(own, followed | set(facts.get("alike", ())))


def take_back(correction: Correction) -> None:
    """Give readings the texts and correctors that they had."""
    facts = correction.before
    set_then = PlateReading.objects.filter(text=correction.text, corrected_at=datetime.fromisoformat(facts["at"]))
    for number, text, plate, corrector, at in facts["readings"]:
        known = Plate.objects.filter(pk=plate).first() if plate else None
        user = User.objects.filter(pk=corrector).first() if corrector else None
        when = datetime.fromisoformat(at) if at else None
        set_then.filter(pk=number).update(text=text, plate=known, corrected_by=user, corrected_at=when)


def withdraw(plate: int, visits: list[int]) -> None:
    """Have locked visits not speak for a plate that a correction made; it goes, unless something else does."""
    for some in slices(visits):
        PlateReading.objects.filter(plate=plate, image__visit__in=some).update(plate=None)
        Sighting.objects.filter(plate=plate, visit__in=some).update(plate=None)
    remove_bare_plates({plate})


def unmerge(correction: Correction) -> None:
    """Make the plate that became part of another anew, with all that it had and its number."""
    facts, into = correction.before, correction.plate
    plate = made_anew(facts["plate"], facts["number"])
    for model, name in ((PlateReading, "readings"), (Sighting, "sightings"), (Correction, "corrections")):
        for some in slices(facts[name]):
            model._default_manager.filter(pk__in=some, plate=into).update(plate=plate)
    Sighting.objects.filter(pk__in=facts["new"], plate=plate).update(status=SightingStatus.NEW)
    note_sightings(plate)
    PlateAlias.objects.filter(text__in=facts["aliases"], plate=into).update(plate=plate)
    if into:
        for name in NOTES:
            if getattr(into, name) == getattr(plate, name):  # it came from there
                setattr(into, name, facts["into"][name])
        into.save()


def made_anew(facts: dict[str, Any], number: int) -> Plate:
    """A plate as it was; one that got its text meanwhile stands for it."""
    there = Plate.objects.filter(text=facts["text"]).first()
    if there:
        return there
    plate = Plate(pk=number, **{name: facts[name] for name in ("text", *NOTES)})
    plate.save(force_insert=True)
    Plate.objects.filter(pk=number).update(created_at=datetime.fromisoformat(facts["created_at"]))
    return plate
