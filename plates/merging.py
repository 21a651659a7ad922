"""Two plates that are one."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from plates.models import Correction, CorrectionKind, Plate, PlateReading, Sighting, SightingStatus, note_sightings
from plates.teaching import Lesson, teach

NOTES = ("owner", "vehicle_type", "colour", "list")
"""What people noted of a plate."""


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
