"""Removing readings, and plates of which nothing is left."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Exists, OuterRef, QuerySet

from plates.models import Correction, Plate, PlateAlias, PlateList, PlateReading, Sighting


def remove_readings(readings: QuerySet[PlateReading]) -> None:
    """Remove readings, and those of their plates that nothing else is known of. Called inside a transaction."""
    plates = set(readings.exclude(plate=None).order_by().values_list("plate_id", flat=True))
    readings.delete()
    remove_bare_plates(plates)


def remove_bare_plates(numbers: Collection[int]) -> None:
    """Remove those of some plates that nothing is known of: no reading, no sighting, no word of people.

    Called inside a transaction. One query where all of them are in use.
    """
    used_by = [model._default_manager.filter(plate=OuterRef("pk")) for model in (PlateReading, Sighting, PlateAlias)]
    unseen = [~Exists(rows) for rows in (*used_by, Correction.objects.filter(plate=OuterRef("pk"), undone_at=None))]
    bare = {"list": PlateList.NONE, "owner": "", "vehicle_type": "", "colour": ""}
    plates = Plate.objects.filter(*unseen, pk__in=numbers, **bare).order_by("pk")
    if not numbers or not (found := list(plates.values_list("pk", flat=True))):
        return
    # A worker that reads one of them right now is waited for, and what it wrote is seen by the next query.
    list(Plate.objects.select_for_update().filter(pk__in=found).order_by("pk").values_list("pk"))
    plates.filter(pk__in=found).order_by().delete()
