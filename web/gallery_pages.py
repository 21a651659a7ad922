"""Pages of what the gallery finds, with the addresses of their neighbours."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from django.http import HttpRequest

from cameras.models import Image
from web import gallery_search
from web.cards import for_grid, with_visit_sizes
from web.gallery_search import LAST_NUMBER, Count, Found, Search, counted
from web.keyset import Page, address, asked_place
from web.paging import Cursor


@dataclass(frozen=True, slots=True)
class FoundPage:
    """A page with what is known of everything that matches."""

    page: Page[Image]
    count: Count | None = None
    reached: datetime | None = None
    times: list[datetime] | None = None
    """When everything that matches was received, where all of it was found."""


def read_found(request: HttpRequest, search: Search, size: int, *, count: bool) -> FoundPage:
    """The page of pictures that the address asks for; 404 where it cannot be read.

    With `count` also how many pictures match in all.
    """
    older, newer = asked_place(request, "older"), asked_place(request, "newer")
    most = gallery_search.MOST_COUNTED + 1
    # What takes two queries is counted on the first page only, so that no page takes too many.
    two = search.limited_work or (search.several and search.conditions.numbers is None)
    counts = count and not (two and (older or newer))
    whole = search.find(None, "lt", most) if counts else None
    if newer:
        found = search.find(newer, "gt", size + 1)
        if len(found.places) > size or found.reached:
            return told(FoundPage(newer_page(request, search, found, size)), whole)
    elif older:
        found = search.find(older, "lt", size + 1)
        place = older if search.has_newer(older) else None
        page = linked_page(request, search, found, size, place)
        nothing = not found.places and not found.reached
        return told(FoundPage(replace(page, beyond=nothing), reached=found.reached), whole)
    found = whole or search.find(None, "lt", size + 1)
    return told(FoundPage(linked_page(request, search, found, size, None), reached=found.reached), whole)


def told(found: FoundPage, whole: Found | None) -> FoundPage:
    """The page with what is known of everything that matches."""
    if whole is None:
        return found
    count = counted(whole)
    is_all = not count.more and not count.reached
    return replace(found, count=count, times=[one.received_at for one in whole.places] if is_all else None)


def newer_page(request: HttpRequest, search: Search, found: Found, size: int) -> Page[Image]:
    """A page that was read towards the newest pictures."""
    places = found.places[:size][::-1]
    on = Cursor(found.reached, LAST_NUMBER) if found.reached else places[0]
    back = places[-1] if places else on
    return Page(
        pictures(search, places),
        older=address(request, older=back),
        newer=address(request, newer=on),
        newest=address(request),
    )


def linked_page(request: HttpRequest, search: Search, found: Found, size: int, place: Cursor | None) -> Page[Image]:
    """A page with the addresses of its neighbours; `place` is where it begins, if there are newer pictures."""
    places = found.places[:size]
    on = places[-1] if len(found.places) > size else Cursor(found.reached, 0) if found.reached else None
    first = places[0] if places else place
    return Page(
        pictures(search, places),
        older=address(request, older=on) if on else "",
        newer=address(request, newer=first) if place else "",
        newest=address(request) if place else "",
    )


def pictures(search: Search, places: list[Cursor]) -> list[Image]:
    """The pictures at these places, with all that cards need."""
    # Unordered: MariaDB would put rows with texts of any length into a table on disk to sort them.
    images = for_grid(Image.objects.order_by())
    rows = (with_visit_sizes(images) if search.filters.by_visit else images).in_bulk([one.id for one in places])
    return [rows[one.id] for one in places if one.id in rows]
