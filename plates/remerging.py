"""The visits that a correction touches: locked in one order, and merged anew."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from cameras.models import Visit
from plates.sightings import merge_sightings
from plates.waiting import slices

MERGED_AT_ONCE = 20
"""So many visits show a correction at once; the schedule does the others within seconds."""


@dataclass(frozen=True, slots=True)
class Touched:
    """The numbers of locked visits: those with the readings in question, and those that only have a text in common."""

    own: list[int]
    alike: list[int]

    @property
    def all(self) -> list[int]:
        """Both, those first on which people look."""
        return [*self.own, *self.alike]


def lock_visits(own: set[int], alike: Collection[int] = ()) -> Touched:
    """Lock visits in one order and mark them due to be merged anew; called inside a transaction, before other locks."""
    others = set(alike) - own
    for some in slices(sorted(own | others)):
        list(Visit.objects.select_for_update().filter(pk__in=some).order_by("pk").values_list("pk"))
        Visit.objects.filter(pk__in=some).update(stale=True)
    return Touched(sorted(own), sorted(others))


def show(visits: Iterable[int]) -> None:
    """Merge the first of some visits anew; the others are due."""
    for visit in list(visits)[:MERGED_AT_ONCE]:
        merge_sightings(visit)
