"""The pictures of a visit: which one is shown large, and the strip of those around it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import Http404, HttpRequest

from cameras.models import Image
from web.keyset import beside
from web.paging import Cursor

AROUND = 12
"""So many pictures before and behind the chosen one are in the strip."""


@dataclass(frozen=True, slots=True)
class Strip:
    """Pictures in the order of time around the chosen one; `earlier` and `later` are its neighbours' numbers."""

    chosen: int
    images: list[Image]
    earlier: int | None
    later: int | None
    cut_before: bool
    cut_behind: bool


def chosen_image(request: HttpRequest, images: QuerySet[Image], best: Iterable[int | None]) -> Image | None:
    """The picture that the address names, else the first of the best ones, else the visit's first; 404 if not its."""
    asked = request.GET.get("picture", "")
    if asked:
        found = images.filter(pk=int(asked)).first() if asked.isdecimal() and len(asked) < 19 else None
        if found is None:
            raise Http404("no such picture in this visit")
        return found
    wanted = [number for number in best if number]
    there = images.in_bulk(wanted) if wanted else {}
    for number in wanted:
        if number in there:
            return there[number]
    return images.order_by("received_at", "pk").first()


def strip(images: QuerySet[Image], chosen: Image) -> Strip:
    """The strip around a picture, in two queries."""
    place = Cursor.of(chosen)
    before = list(beside(images, "received_at", place, "lt")[: AROUND + 1])
    behind = list(beside(images, "received_at", place, "gt")[: AROUND + 1])
    return Strip(
        chosen=chosen.pk,
        images=[*before[:AROUND][::-1], chosen, *behind[:AROUND]],
        earlier=before[0].pk if before else None,
        later=behind[0].pk if behind else None,
        cut_before=len(before) > AROUND,
        cut_behind=len(behind) > AROUND,
    )
