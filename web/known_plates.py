"""What the list of plates and the page of one show beside the row itself."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Count, Max, Min, OuterRef, QuerySet, Subquery
from django.http import Http404

from accounts.models import Person
from cameras.models import Image
from plates.matching import near
from plates.models import Correction, CorrectionKind, Plate, Sighting
from plates.text import normalise
from web.vehicles import distance_in_words

SHORTEST = 4
"""Fewer characters are a part of a plate, which has too many that look like it."""
MOST_LIKE = 8


@dataclass(frozen=True, slots=True)
class KnownPlate:
    """A plate, in how many visits it was seen, when first and last, and the best picture of the latest."""

    plate: Plate
    visits: int
    first_at: datetime | None
    last_at: datetime | None
    picture: Image | None
    likeness: str = ""
    """How far it is from what was searched for."""


def similar_plates(search: str, user: Person, listed: Collection[int]) -> dict[int, tuple[Plate, str]]:
    """The plates that look like a text, nearest first, with how far each is; without those that are listed.

    Nothing for a part of a text. At most one query.
    """
    text = normalise(search)[:16]
    if len(text) < SHORTEST:
        return {}
    found = near([(text, 0.0)], among=Plate.objects.visible_to(user))
    shown = [(price, plate) for price, plate in found if plate.pk not in listed][:MOST_LIKE]
    return {plate.pk: (plate, distance_in_words(price)) for price, plate in shown}


def with_similar(plates: Sequence[Plate], search: str, user: Person) -> tuple[list[KnownPlate], list[KnownPlate]]:
    """What is known of these plates, and of those that look like what was searched for, which are none of them."""
    similar = similar_plates(search, user, {one.pk for one in plates})
    both = known_plates([*plates, *(plate for plate, _ in similar.values())], user)
    nearest = [replace(one, likeness=similar[one.plate.pk][1]) for one in both[len(plates) :]]
    return both[: len(plates)], nearest


def plate_or_its_heir(number: int, user: Person) -> Plate:
    """The plate of that number, else the one that it is part of now; 404 where this person may see neither."""
    visible = Plate.objects.visible_to(user)
    merged = Correction.objects.filter(kind=CorrectionKind.MERGE, undone_at=None, before__number=number)
    row = visible.filter(pk=number).first() or visible.filter(corrections__in=merged).first()
    if row is None:
        raise Http404("no such plate")
    return row


def known_plates(plates: Sequence[Plate], user: Person, *, pictures: bool = True) -> list[KnownPlate]:
    """These plates as far as this person's cameras saw them, in three queries; in one without pictures."""
    if not plates:
        return []
    seen = Sighting.objects.visible_to(user)
    numbers = [plate.pk for plate in plates]
    grouped = seen.filter(plate__in=numbers).order_by().values("plate")
    counted = grouped.annotate(visits=Count("pk"), first=Min("at"), last=Max("at"))
    facts = {row["plate"]: (row["visits"], row["first"], row["last"]) for row in counted}
    latest = latest_pictures(numbers, seen, user) if pictures else {}
    return [KnownPlate(one, *facts.get(one.pk, (0, None, None)), latest.get(one.pk)) for one in plates]


def latest_pictures(plates: Sequence[int], seen: QuerySet[Sighting], user: Person) -> dict[int, Image]:
    """The best picture of every plate's latest visit that has one, by the plate's number."""
    latest = seen.filter(plate=OuterRef("pk"), best_image__isnull=False).order_by("-at", "-pk").values("best_image")[:1]
    pairs = dict(Plate.objects.filter(pk__in=plates).order_by().values_list("pk", Subquery(latest)))
    wanted = [number for number in pairs.values() if number]
    images = Image.objects.visible_to(user).select_related("camera__node").in_bulk(wanted)
    return {plate: images[number] for plate, number in pairs.items() if number in images}
