"""A place in a list that is ordered newest first: what `older` and `newer` in an address name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Self

from cameras.models import Image

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
CURSOR = re.compile(r"([0-9]{1,17})-([0-9]{1,18})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Cursor:
    """A time, and the number of the row where several came at the same moment."""

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
