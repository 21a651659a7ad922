"""Pages of any list that is ordered newest first, by the key of the order.

Page one thousand costs what page one costs, and what arrives meanwhile shifts no page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet
from django.http import Http404, HttpRequest

from web.paging import EPOCH, Cursor

M = TypeVar("M", bound=Model)
PLACES = ("older", "newer")


@dataclass(frozen=True, slots=True)
class Page(Generic[M]):
    """Rows, newest first, and the addresses of the neighbours, filters kept (empty where there is none)."""

    rows: list[M]
    older: str = ""
    newer: str = ""
    newest: str = ""
    beyond: bool = False
    """Whether nothing is here because the address names a place past the last row."""


def read_page(request: HttpRequest, rows: QuerySet[M, M], field: str, size: int) -> Page[M]:
    """The page that the address asks for; 404 where it cannot be read.

    `field` is the time that orders the rows, or "" where their numbers alone do.
    """
    older, newer = asked_place(request, "older"), asked_place(request, "newer")
    if newer:
        found = fetched(rows, beside(rows, field, newer, "gt")[: size + 1])
        if len(found) > size:
            return linked(request, found[:size][::-1], field, (True, beside(rows, field, newer, "lte").exists()))
    elif older:
        found = fetched(rows, beside(rows, field, older, "lt")[: size + 1])
        return linked(
            request, found[:size], field, (beside(rows, field, older, "gte").exists(), len(found) > size), older
        )
    found = fetched(rows, rows.order_by(*ordering(field, "-"))[: size + 1])
    return linked(request, found[:size], field, (False, len(found) > size))


def fetched(rows: QuerySet[M, M], wanted: QuerySet[M, M]) -> list[M]:
    """Those of the rows that `wanted`, ordered and cut off, names; two queries.

    Numbers alone come first, off the index. In one query with all that belongs to the rows, SQLite would sort
    everything that a person limited to chosen cameras may see; and MariaDB would sort them in a table on disk.
    """
    numbers = list(wanted.values_list("pk", flat=True))
    found = rows.order_by().in_bulk(numbers)
    return [found[number] for number in numbers if number in found]


def asked_place(request: HttpRequest, name: str) -> Cursor | None:
    """The place that the address names, if any."""
    text = request.GET.get(name)
    try:
        return Cursor.parse(text) if text else None
    except (ValueError, OverflowError):
        raise Http404("not a place in this list") from None


def beside(rows: QuerySet[M, M], field: str, place: Cursor, side: str) -> QuerySet[M, M]:
    """Rows on one side of a place, nearest first: `lt` and `lte` are older ones, `gt` and `gte` newer ones."""
    ordered = rows.order_by(*ordering(field, "-" if side.startswith("lt") else ""))
    number = Q((f"pk__{side}", place.id))
    if not field:
        return ordered.filter(number)
    strict = side[:2]
    # The outer comparison repeats what the inner one implies: it gives MariaDB a range on the index.
    inner, outer = Q((f"{field}__{strict}", place.received_at)), Q((f"{field}__{strict}e", place.received_at))
    return ordered.filter(inner | number, outer)


def ordering(field: str, sign: str) -> list[str]:
    """The order by that time and by number."""
    return [f"{sign}{field}", f"{sign}pk"] if field else [f"{sign}pk"]


def linked(
    request: HttpRequest, rows: list[M], field: str, more: tuple[bool, bool], asked: Cursor | None = None
) -> Page[M]:
    """A page with the addresses of its neighbours; `more` tells whether there are newer and older rows."""
    first, last = (place_of(rows[0], field), place_of(rows[-1], field)) if rows else (asked, asked)
    return Page(
        rows,
        older=address(request, older=last) if more[1] else "",
        newer=address(request, newer=first) if more[0] else "",
        newest=address(request) if more[0] else "",
        beyond=asked is not None and not rows,
    )


def place_of(row: Any, field: str) -> Cursor:
    """The place of a row in the order."""
    return Cursor(getattr(row, field) if field else EPOCH, row.pk)


def address(request: HttpRequest, **place: Cursor | None) -> str:
    """This page's own address with its filters, at another place."""
    query = request.GET.copy()
    for name in PLACES:
        query.pop(name, None)
    for name, cursor in place.items():
        query[name] = str(cursor)
    return f"{request.path}?{query.urlencode()}" if query else request.path
