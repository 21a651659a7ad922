"""Paging by the key of the order: page one thousand costs what page one costs, and no new picture shifts a page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Self

from django.db.models import Q, QuerySet

from cameras.models import Image

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
CURSOR = re.compile(r"([0-9]{1,17})-([0-9]{1,18})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in the order of images: received_at, and id where several came at the same moment."""

    received_at: datetime
    id: int

    @classmethod
    def of(cls, image: Image) -> Self:
        """The place of an image."""
        return cls(image.received_at, image.pk)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what `str()` wrote; raises `ValueError`."""
        match = CURSOR.fullmatch(text)
        if not match:
            raise ValueError(f"not a place in the gallery: {text[:40]!r}")
        return cls(EPOCH + timedelta(microseconds=int(match[1])), int(match[2]))

    def __str__(self) -> str:
        return f"{(self.received_at - EPOCH) // timedelta(microseconds=1)}-{self.id}"


@dataclass(frozen=True, slots=True)
class Page:
    """One page, newest first, and the places from which its neighbours start (empty where there is none)."""

    images: list[Image]
    older: str = ""
    newer: str = ""


# The outer comparison repeats what the inner one implies: it gives MariaDB a range on the index, which an OR alone
# does not.
def older(images: QuerySet[Image], cursor: Cursor) -> QuerySet[Image]:
    """Images after `cursor` in the order of the gallery, newest first."""
    inner = Q(received_at__lt=cursor.received_at) | Q(pk__lt=cursor.id)
    return images.filter(inner, received_at__lte=cursor.received_at).order_by("-received_at", "-pk")


def newer(images: QuerySet[Image], cursor: Cursor) -> QuerySet[Image]:
    """Images before `cursor` in the order of the gallery, oldest first."""
    inner = Q(received_at__gt=cursor.received_at) | Q(pk__gt=cursor.id)
    return images.filter(inner, received_at__gte=cursor.received_at).order_by("received_at", "pk")


def newest_page(images: QuerySet[Image], size: int) -> Page:
    """The first page."""
    found = list(images.order_by("-received_at", "-pk")[: size + 1])
    return Page(found[:size], older=_place(found[:size], -1) if len(found) > size else "")


def older_page(images: QuerySet[Image], cursor: Cursor, size: int) -> Page:
    """The page that follows `cursor`."""
    found = list(older(images, cursor)[: size + 1])
    page = found[:size]
    first = Cursor.of(page[0]) if page else cursor
    before = str(first) if newer(images, first).exists() else ""
    return Page(page, older=_place(page, -1) if len(found) > size else "", newer=before)


def newer_page(images: QuerySet[Image], cursor: Cursor, size: int) -> Page:
    """The page that ends just before `cursor`; the first page where fewer than `size` images are left for it."""
    found = list(newer(images, cursor)[: size + 1])
    if len(found) <= size:
        return newest_page(images, size)
    page = found[:size][::-1]
    return Page(
        page, older=_place(page, -1) if older(images, Cursor.of(page[-1])).exists() else "", newer=_place(page, 0)
    )


def _place(page: list[Image], index: int) -> str:
    return str(Cursor.of(page[index])) if page else ""
