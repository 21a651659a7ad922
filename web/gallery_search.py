"""Finding pictures, newest first, at a cost that does not grow with how many there are.

Where an index holds what is asked for in order, a page is read off it. Any other condition is tried on a limited
number of pictures only (`MOST_TRIED`): the page then says how far back it looked, and its link to older pictures goes
on there. docs/decisions/gallery.md says more.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.models import Person
from cameras.models import Camera, Image
from web.gallery_conditions import Conditions, within
from web.gallery_filters import Filters
from web.keyset import beside, ordering
from web.latest import sees_all
from web.paging import Cursor

MOST_TRIED = 10_000
"""Pictures on which conditions are tried for one page; fewer where other tables have to be asked for each."""
MOST_COUNTED = 1000
FIELD = "received_at"
LAST_NUMBER = 10**18 - 1
"""Above every picture's number: a place in front of all pictures of a moment."""


@dataclass(frozen=True, slots=True)
class Count:
    """How many pictures match: all of them, or at least so many of those looked at."""

    number: int
    more: bool = False
    reached: datetime | None = None
    """Where counting ended, if there are older pictures on which the conditions were not tried."""

    @property
    def words(self) -> str:
        """Exact to 1,000, then “1,000+”."""
        return f"{MOST_COUNTED:,}+" if self.more else f"{self.number:,}"


@dataclass(frozen=True, slots=True)
class Found:
    """Places of pictures in their order, and where the search gave up, if it did."""

    places: list[Cursor]
    reached: datetime | None = None


class Search:
    """What filters find for a person."""

    def __init__(self, filters: Filters, user: Person) -> None:
        self.filters = filters
        self.user = user
        self.conditions = Conditions(filters)
        wanted = filters.camera_numbers
        every = len(wanted) == len(filters.cameras) and sees_all(user)
        self.cameras = None if every else wanted

    @property
    def limited_work(self) -> bool:
        """Whether conditions have to be tried on one picture after another."""
        return self.conditions.any and self.conditions.numbers is None

    @property
    def several(self) -> bool:
        """Whether several cameras are asked for, not all."""
        return self.cameras is not None and len(self.cameras) > 1

    def without_day(self) -> Search:
        """The same of all days."""
        other = copy(self)
        other.filters = replace(self.filters, day=None)
        return other

    def candidates(self) -> QuerySet[Image]:
        """The pictures of the cameras and the range of time."""
        images = within(Image.objects.all(), self.filters)
        if self.cameras is None:
            return images
        if len(self.cameras) == 1:
            return images.filter(camera=self.cameras[0])
        return images.filter(camera__in=self.cameras)

    def find(self, place: Cursor | None, side: str, most: int) -> Found:
        """The places of up to so many pictures on one side of a place, nearest first."""
        if self.cameras == [] or self.conditions.numbers == set():
            return Found([])
        rows = beside(self.candidates(), FIELD, place, side) if place else self.candidates().order_by(*newest_first())
        end = None
        if self.conditions.numbers is None and (self.several or self.limited_work):
            end = self.end(rows, MOST_TRIED // self.conditions.weight if self.limited_work else most, side)
        if end:
            rows = rows.filter(received_at__lte=end) if side.startswith("gt") else rows.filter(received_at__gte=end)
        if self.several or self.conditions.numbers is not None:
            rows = sorted_anew(rows, side)
        found = [Cursor(at, number) for number, at in self.conditions.apply(rows).values_list("pk", FIELD)[:most]]
        return Found(found, end if end and len(found) < most else None)

    def end(self, rows: QuerySet[Image], most: int, side: str) -> datetime | None:
        """The time beyond which the nearest `most` candidates need not be looked for; None where there are fewer.

        Of several cameras each has a share of them; the nearest end is where one of them has its share together.
        """
        if self.cameras is None or len(self.cameras) == 1:
            return rows.values_list(FIELD, flat=True)[most : most + 1].first()
        share = max(most // len(self.cameras), 1) if self.limited_work else most
        one = rows.filter(camera=OuterRef("pk")).values(FIELD)[share - 1 : share]
        ends = Camera.objects.filter(pk__in=self.cameras).order_by().values_list(Subquery(one), flat=True)
        known = [at for at in ends if at]
        nearest = min if side[:2] == "gt" else max
        return nearest(known) if known else None

    def has_newer(self, place: Cursor) -> bool:
        """Whether there may be anything newer than what stands behind a place: conditions are tried on few only."""
        if self.cameras == [] or self.limited_work:
            return self.cameras != []
        rows = beside(self.candidates(), FIELD, place, "gte")
        return (rows if self.conditions.numbers is None else self.conditions.apply(rows)).exists()


def counted(found: Found) -> Count:
    """How many were found, where up to one more than is counted was looked for."""
    number = len(found.places)
    return Count(min(number, MOST_COUNTED), number > MOST_COUNTED, found.reached)


def newest_first() -> list[str]:
    """The order of the gallery."""
    return ordering(FIELD, "-")


def sorted_anew(rows: QuerySet[Image], side: str) -> QuerySet[Image]:
    """The rows in the same order, by an expression that no index holds.

    Else a database may read an index that is in order, with the pictures of all other cameras, to spare a small sort.
    """
    at = Coalesce(F(FIELD), F(FIELD))
    return rows.order_by(at.asc(), "pk") if side.startswith("gt") else rows.order_by(at.desc(), "-pk")
