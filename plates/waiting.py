"""Vehicles that may turn out to be something else once people, or another visit, said what a text is."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db import transaction
from django.db.models import F, Q, QuerySet

from cameras.models import Visit
from plates.models import PlateReading


def visits_of(readings: QuerySet[PlateReading]) -> set[int]:
    """The numbers of the visits of readings."""
    return {one for one in readings.values_list("image__visit", flat=True).order_by() if one}


def misfits(texts: Collection[str], right: str = "") -> QuerySet[PlateReading]:
    """Readings with one of these texts that nobody corrected, of vehicles that are neither its plate nor that one.

    They wait for a person, or are what the text was taught to stand for, which may be no vehicle at all: a correction
    may settle them, its undoing too.
    """
    fits = Q(sighting__plate__text=F("text")) | Q(sighting__plate__text=right)
    alike = PlateReading.objects.filter(text__in=[one for one in texts if one], corrected_at=None)
    return alike.filter(Q(sighting=None) | Q(sighting__text=F("text"))).exclude(fits)


def look_again(text: str) -> None:
    """There is a plate of that text now: visits with a vehicle in doubt that has it are due to be merged anew.

    Once the transaction has ended: their rows are not to be waited for while others are locked.
    """

    def mark() -> None:
        for some in slices(sorted(visits_of(misfits([text], text)))):
            Visit.objects.filter(pk__in=some).update(stale=True)

    transaction.on_commit(mark)


def slices(numbers: list[int], size: int = 500) -> Iterable[list[int]]:
    """A list in parts that a statement can hold."""
    return (numbers[first : first + size] for first in range(0, len(numbers), size))
