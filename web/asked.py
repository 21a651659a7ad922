"""Filters in the address of a page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

from django.db.models import Model
from django.http import Http404, HttpRequest

from cameras.models import Camera
from web.choices import Choice

M = TypeVar("M", bound=Model)


def asked_row(request: HttpRequest, name: str, rows: Iterable[M]) -> M | None:
    """The row of these whose number the address names, if any; 404 where it is none of these."""
    text = request.GET.get(name, "")
    if not text:
        return None
    for row in rows:
        if str(row.pk) == text:
            return row
    raise Http404(f"no such {name}")


def choices(rows: Iterable[M], chosen: M | None) -> list[Choice]:
    """What a filter offers: every row by its number."""
    return [Choice(str(row.pk), str(row), row == chosen) for row in rows]


def camera_choices(cameras: Iterable[Camera], chosen: Camera | None) -> list[Choice]:
    """What a filter of cameras offers: those in use, and the chosen one."""
    return choices((camera for camera in cameras if camera == chosen or not camera.retired_at), chosen)


def words(known: Sequence[str], chosen: str) -> list[Choice]:
    """What a filter offers: words, and the chosen one even where it is not known."""
    offered = [*known, chosen] if chosen and chosen not in known else known
    return [Choice(one, one, one == chosen) for one in offered]


def any_filter(request: HttpRequest, *names: str) -> bool:
    """Whether the address sets one of these filters."""
    return any(request.GET.get(name) for name in names)
