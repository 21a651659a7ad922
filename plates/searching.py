"""Finding plates by any part of their text, or by what people noted of them, off indexes."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from plates.models import Plate, PlatePart
from plates.text import normalise

FEW = 900
"""Up to so many plates are named one by one; of more than that every few plates is one, and any page is soon full. Of a
list of a thousand, MariaDB makes a table and sorts all of it (`in_predicate_conversion_threshold`)."""


def holding(search: str) -> Q:
    """Plates whose text or notes hold what a person typed; a plate's text however it is spaced. At most one query."""
    if not search:
        return Q()
    text = normalise(search)
    if len(text) == 1:  # in too many plates for an index to spare anything
        return noting(search) | Q(text__contains=text)
    if not text:
        return noting(search)
    noted: QuerySet[Any, int] = Plate.objects.filter(noting(search)).order_by().values_list("pk", flat=True)
    numbers = list(noted.union(parts(text).values_list("plate", flat=True))[: FEW + 1])
    return Q(pk__in=numbers) if len(numbers) <= FEW else noting(search) | Q(text__contains=text)


def noting(search: str) -> Q:
    """Plates of which people noted it."""
    words = Q(owner__icontains=search) | Q(colour__icontains=search) | Q(vehicle_type__icontains=search)
    return Q(noted__in=[True]) & words  # so put, SQLite uses its index


def parts(text: str) -> QuerySet[PlatePart]:
    """The parts of plates that begin with a text in normal form: one for each place where a plate has it."""
    return PlatePart.objects.filter(text__gte=text, text__lt=following(text))


def following(text: str) -> str:
    """The first text, by code points, behind all those that begin with this one, which is not empty."""
    return text[:-1] + chr(ord(text[-1]) + 1)
