"""What the list of plates and the page of one show beside the row itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Min, OuterRef, Q, QuerySet, Subquery

from accounts.models import Person
from cameras.models import Image
from plates.models import Plate, PlateReading
from plates.text import normalise


@dataclass(frozen=True, slots=True)
class KnownPlate:
    """A plate, how many pictures show it, when first and last, and the picture on which it was read best."""

    plate: Plate
    pictures: int
    first_at: datetime | None
    last_at: datetime | None
    best: Image | None


def found_by(plates: QuerySet[Plate], search: str) -> QuerySet[Plate]:
    """Plates whose text or owner note holds what a person typed, however it is spaced."""
    if not search:
        return plates
    wanted = Q(owner__icontains=search)
    if text := normalise(search):
        wanted |= Q(text__contains=text)
    return plates.filter(wanted)


def known_plates(plates: Sequence[Plate], user: Person) -> list[KnownPlate]:
    """These plates as far as this person's cameras saw them, in three queries."""
    readings = PlateReading.objects.visible_to(user)
    numbers = [plate.pk for plate in plates]
    grouped = readings.filter(plate__in=numbers).order_by().values("plate")
    counted = grouped.annotate(pictures=Count("image", distinct=True), first=Min("at"), last=Max("at"))
    facts = {row["plate"]: (row["pictures"], row["first"], row["last"]) for row in counted}
    best = best_pictures(numbers, readings)
    nothing = (0, None, None)
    return [KnownPlate(plate, *facts.get(plate.pk, nothing), best.get(plate.pk)) for plate in plates]


def best_pictures(plates: Sequence[int], readings: QuerySet[PlateReading]) -> dict[int, Image]:
    """The picture of every plate's surest reading, by the plate's number."""
    surest = readings.filter(plate=OuterRef("pk")).order_by("-confidence", "-pk").values("image")[:1]
    pairs = dict(Plate.objects.filter(pk__in=plates).order_by().values_list("pk", Subquery(surest)))
    images = Image.objects.select_related("camera__node").in_bulk([number for number in pairs.values() if number])
    return {plate: images[number] for plate, number in pairs.items() if number in images}
