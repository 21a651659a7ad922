"""The pictures of a visit: which one is shown large, and the strip of those around it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.http import Http404, HttpRequest

from cameras.models import Image

AROUND = 12
"""So many pictures before and behind the chosen one are in the strip."""


@dataclass(frozen=True, slots=True)
class Strip:
    """Pictures in the order of time around the chosen one; `earlier` and `later` are its neighbours' numbers."""

    chosen: int
    images: Sequence[Image]
    earlier: int | None
    later: int | None
    cut_before: bool
    cut_behind: bool


def asked_picture(request: HttpRequest, images: Sequence[Image]) -> int | None:
    """The number of the picture that the address names, if any; 404 where it is none of these."""
    text = request.GET.get("picture", "")
    if not text:
        return None
    for image in images:
        if str(image.pk) == text:
            return image.pk
    raise Http404("no such picture in this visit")


def strip(images: Sequence[Image], wanted: Iterable[int | None]) -> Strip:
    """The strip around the first of the wanted pictures that is there, else around the first; at least one is."""
    places = {image.pk: place for place, image in enumerate(images)}
    place = next((places[number] for number in wanted if number in places), 0)
    first, last = max(place - AROUND, 0), place + AROUND + 1
    return Strip(
        chosen=images[place].pk,
        images=images[first:last],
        earlier=images[place - 1].pk if place else None,
        later=images[place + 1].pk if place + 1 < len(images) else None,
        cut_before=first > 0,
        cut_behind=last < len(images),
    )
