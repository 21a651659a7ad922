"""Which plate a vehicle's text is: by its exact form, by what people taught, else by likeness with a margin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypedDict

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, QuerySet, Value

from plates.likeness import SAME_SHAPE, distance
from plates.models import Plate, PlateAlias, PlateReading, SightingStatus
from plates.text import keys

NEAR = 0.6
"""A plate that costs at most this much may be the one: two look-alikes, or one and a candidate that was less sure."""
LIKE = 1.0
"""A plate that costs at most this much is shown as one that it could be: one other character."""
MARGIN = 0.3
"""By so much the next one has to cost more; else nobody can tell, and it is ambiguous."""
CERTAIN = 0.9
"""A text that is so sure is a new plate rather than a misread one, unless people know a plate that looks like it."""
RANK = 0.5
"""What a candidate costs that the reader did not believe at all; one that was as sure as the text costs nothing."""
MOST_SHOWN = 5


class Likeness(TypedDict):
    """A plate that a text could be: its number and text, and what it costs."""

    plate: int
    text: str
    cost: float


@dataclass(frozen=True, slots=True)
class Match:
    """What is known of which plate it is. `is_plate` is False where people said that the text is none."""

    status: SightingStatus
    plate: Plate | None = None
    matches: list[Likeness] = field(default_factory=list)
    is_plate: bool = True


def said(text: str) -> Match:
    """The plate of a text that people gave to this very vehicle: that plate, whatever the text is a misreading of
    elsewhere; where it is part of another now, that one. At most two queries.
    """
    plate = Plate.objects.filter(text=text).first()
    return exactly(plate) if plate else match(text, 1.0, (), 0.0)


def match(
    text: str, confidence: float, candidates: Sequence[tuple[str, float]], least: float, visit_id: int | None = None
) -> Match:
    """The plate of a text in normal form, seen in a visit.

    `candidates` are other texts with their confidences; with less confidence than `least` only a plate of that very
    text is believed. NEW means that no plate is like it: the text may become one. At most two queries.
    """
    if not text:
        return Match(SightingStatus.UNKNOWN)
    alias = PlateAlias.objects.select_related("plate").filter(text=text).first()
    if alias:
        return exactly(alias.plate) if alias.plate else Match(SightingStatus.UNKNOWN, is_plate=False)
    found = near([(text, 0.0), *priced(confidence, candidates)], visit_id)
    same = next((plate for _, plate in found if plate.text == text), None)
    if same:
        return exactly(same)
    shown = [likeness(plate, price) for price, plate in found[:MOST_SHOWN]]
    if confidence < least:
        return Match(SightingStatus.UNKNOWN, matches=shown)
    believed = [(price, plate) for price, plate in found if is_believable(plate, price, confidence)]
    return judged(believed, shown)


def exactly(plate: Plate) -> Match:
    """A plate of which there is no doubt."""
    return Match(SightingStatus.MATCHED, plate, [likeness(plate, 0.0)])


def judged(believed: Sequence[tuple[float, Plate]], shown: list[Likeness]) -> Match:
    """The best of plates with their prices, cheapest first, if it is near enough and the next one far enough."""
    if not believed:
        return Match(SightingStatus.NEW, matches=shown)
    best, plate = believed[0]
    second = believed[1][0] if len(believed) > 1 else best + MARGIN
    if best <= NEAR and second - best >= MARGIN - 1e-9:
        return Match(SightingStatus.MATCHED, plate, shown)
    return Match(SightingStatus.AMBIGUOUS, matches=shown)


def is_believable(plate: Plate, price: float, confidence: float) -> bool:
    """Whether a text may be that plate misread, not a plate of its own."""
    return confidence < CERTAIN or price <= SAME_SHAPE or (plate.is_known and price <= NEAR)


def priced(confidence: float, candidates: Sequence[tuple[str, float]]) -> list[tuple[str, float]]:
    """Candidates with what each costs before it is compared, by how much less sure it was than the text."""
    sure = max([confidence, *(share for _, share in candidates)], default=0.0) or 1.0
    return [(text, round(max(RANK * (1 - share / sure), SAME_SHAPE), 3)) for text, share in candidates]


def near(
    texts: Sequence[tuple[str, float]], visit_id: int | None = None, among: QuerySet[Plate] | None = None
) -> list[tuple[float, Plate]]:
    """The plates that cost at most `LIKE`, cheapest first: each with the least of text, candidate's price and distance.

    Without those that only readings of the very visit speak for, unless their text is the same: else a misreading that
    was taken for a plate would draw all later ones to it. Complete, since within `LIKE` there is room for one edit
    outside of the groups of look-alikes, and two texts with one such edit share a key. One query; of all plates unless
    it is said `among` which.
    """
    asked = {key for text, _ in texts for key in keys(text)}
    readings = PlateReading.objects.filter(plate=OuterRef("pk"))
    only_here = Exists(readings.filter(image__visit=visit_id)) & ~Exists(readings.exclude(image__visit=visit_id))
    marked = ExpressionWrapper(only_here, BooleanField()) if visit_id else Value(False, BooleanField())
    plates = (Plate.objects if among is None else among).filter(keys__key__in=asked)
    marked_plates = plates.annotate(only_here=marked).distinct()
    found = [one for one in marked_plates if not one.only_here or one.is_known or one.text == texts[0][0]]
    costs = [(min(price + distance(text, plate.text) for text, price in texts), plate) for plate in found]
    return sorted(((price, one) for price, one in costs if price <= LIKE), key=lambda pair: (pair[0], pair[1].text))


def likeness(plate: Plate, price: float) -> Likeness:
    """A plate with its price, for the row of a sighting."""
    return {"plate": plate.pk, "text": plate.text, "cost": round(price, 3)}
