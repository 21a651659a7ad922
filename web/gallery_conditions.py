"""What pictures have to be like, as conditions of the database, and the few pictures that a rare one leaves."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.lookups import GreaterThanOrEqual, In, LessThan

from cameras.models import Image
from detections.models import Detection
from plates.matching import near
from plates.models import Plate, PlateList, PlateReading
from web.gallery_filters import Filters
from web.gallery_things import objects
from web.local_time import local_minute, local_weekday
from web.plate_patterns import WILD, like_pattern, matches

FEW = 2000
"""Up to so many pictures are looked at one by one, in whatever order a condition finds them."""
MOST_PLATES = 500
SHORTEST = 4
"""Fewer characters have too many that look like them."""


class Conditions:
    """The conditions of filters, other than cameras and the range of time; asks for the plates that are meant."""

    def __init__(self, filters: Filters) -> None:
        self.filters = filters
        self.plates = plate_numbers(filters)
        self.numbers = self.rare()

    @property
    def any(self) -> bool:
        """Whether there are any, or all pictures match."""
        return self.filters.narrowed_beyond_days or self.filters.by_visit

    @property
    def weight(self) -> int:
        """By how much it takes longer to try them on a picture than to look at its time alone."""
        filters = self.filters
        elsewhere = bool(objects(filters) or filters.plate or filters.listed)
        weight = 4 if filters.roi else 2 if elsewhere else 1  # boxes are in no index
        return 4 + weight if filters.by_visit else weight

    def rare(self) -> set[int] | None:
        """The numbers of all pictures that the rarest of them leaves, if these are few; some match no other condition.

        Only the most telling condition is tried, by one query of an index.
        """
        rows = self.telling()
        if rows is None:
            return None
        numbers = list(rows[: FEW + 1])
        return set(numbers) if len(numbers) <= FEW else None

    def telling(self) -> QuerySet[Any, int] | None:
        """The numbers of the pictures that match the most telling condition, off an index."""
        filters = self.filters
        if filters.plate or filters.listed:
            rows = PlateReading.objects.filter(self.readings()).order_by()
            return None if self.plates is None else rows.values_list("image_id", flat=True)
        if filters.kept:
            # As a comparison: SQLite uses no index for a condition that is the column alone.
            return Image.objects.filter(keep__in=[True]).order_by().values_list("pk", flat=True)
        if filters.labels:
            found = Detection.objects.filter(label=filters.labels[0]).order_by("-image_id")  # "-image" would join it
            return found.values_list("image_id", flat=True)
        return None

    def apply(self, images: QuerySet[Image]) -> QuerySet[Image]:
        """The pictures that match; of a visit the newest one only where visits are asked for."""
        images = self.matching(images)
        if not self.filters.by_visit:
            return images
        later = Q(received_at__gt=OuterRef("received_at"))
        later |= Q(received_at=OuterRef("received_at"), pk__gt=OuterRef("pk"))
        others = within(Image.objects.filter(visit=OuterRef("visit")), self.filters)
        return images.filter(Q(visit=None) | ~Exists(self.matching(others).filter(later)))

    def matching(self, images: QuerySet[Image]) -> QuerySet[Image]:
        """All pictures that match."""
        if self.numbers is not None:
            images = images.filter(pk__in=self.numbers)
        if self.filters.kept:
            images = images.filter(keep=True)
        # The numbers, where they are known, are those of all pictures with such readings.
        if (self.filters.plate or self.filters.listed) and self.numbers is None:
            images = images.filter(Exists(PlateReading.objects.filter(self.readings(), image=OuterRef("pk"))))
        return images.filter(*objects(self.filters), *times(self.filters))

    def readings(self) -> Q:
        """Which readings show a plate that is asked for."""
        wanted = Q()
        if self.plates is not None:
            wanted &= Q(plate__in=self.plates) | (unlisted(self.filters) if self.takes_unlisted else Q(pk__in=[]))
            return wanted
        if self.filters.plate:
            wanted &= Q(plate__isnull=False) & matches("plate__text", self.filters.plate) | unlisted(self.filters)
        if self.filters.listed == "unknown":
            wanted &= Q(plate__list=PlateList.NONE) | Q(plate=None) & ~Q(text="")
        elif self.filters.listed == "any":
            wanted &= ~Q(text="")
        elif self.filters.listed:
            wanted &= Q(plate__list=self.filters.listed)
        return wanted

    @property
    def takes_unlisted(self) -> bool:
        """Whether readings that belong to no plate may be meant: as such they are on no list."""
        return bool(self.filters.plate) and self.filters.listed in {"", "unknown", "any"}


def unlisted(filters: Filters) -> Q:
    """Readings that belong to no plate and look as the filter says."""
    return Q(plate=None) & ~Q(text="") & matches("text", filters.plate)


def within(images: QuerySet[Image], filters: Filters) -> QuerySet[Image]:
    """Pictures of the range of time that is asked for."""
    if filters.first:
        images = images.filter(received_at__gte=filters.first)
    return images.filter(received_at__lt=filters.last) if filters.last else images


def plate_numbers(filters: Filters) -> list[int] | None:
    """The plates that are meant; None where no plate is, or too many are to name each. At most two queries."""
    if not filters.plate and filters.listed not in set(PlateList.values) - {""}:
        return None
    plates = Plate.objects.filter(on_list(filters.listed))
    like = like_pattern(plates, filters.plate) if filters.plate else plates.order_by().values_list("pk", flat=True)
    found = list(like[: MOST_PLATES + 1])
    if len(found) > MOST_PLATES:
        return None
    if filters.similar and len(filters.plate) >= SHORTEST and not WILD.search(filters.plate):
        similar = (one for _, one in near([(filters.plate[:16], 0.0)]))
        found += [one.pk for one in similar if matches_list(one, filters.listed)]
    return found


def on_list(name: str) -> Q:
    """Which plates are on the list of that name."""
    if name in {"", "any"}:
        return Q()
    return Q(list=PlateList.NONE if name == "unknown" else name)


def matches_list(plate: Plate, name: str) -> bool:
    """Whether a plate is on the list of that name."""
    return name in {"", "any"} or plate.list == (PlateList.NONE if name == "unknown" else name)


def times(filters: Filters) -> list[Q]:
    """At which time of which days pictures have to be received, by the site's clock."""
    found: list[Q] = []
    minute = local_minute("received_at")
    after, before = filters.after or 0, filters.before or 0
    if filters.after is not None or filters.before is not None:
        late, early = Q(GreaterThanOrEqual(minute, after)), Q(LessThan(minute, before))
        found.append(late if not before else late & early if after < before else late | early)
    if filters.weekdays:
        found.append(Q(In(local_weekday("received_at"), list(filters.weekdays))))
    return found
