"""Which hours are counted, and which days they belong to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.utils import timezone

from cameras.changes import HOUR, hour_of
from cameras.days import midnight

M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class Span:
    """Whole hours of some cameras, or of all of them: from `first` up to, and not with, `last`."""

    first: datetime
    last: datetime
    cameras: frozenset[int] | None = None

    def of(self, rows: QuerySet[M, M], at: str, camera: str = "camera") -> QuerySet[M, M]:
        """Those rows whose time and camera, by the names of their columns, are in it. In no order."""
        wanted: dict[str, Any] = {f"{at}__gte": self.first, f"{at}__lt": self.last}
        if self.cameras is not None:
            wanted[f"{camera}__in"] = sorted(self.cameras)
        return rows.filter(**wanted).order_by()


def hours_of(day: date, cameras: frozenset[int] | None = None) -> Span:
    """The hours that begin on a day of the site's zone: 23 to 25 of them."""
    return Span(next_hour(midnight(day)), next_hour(midnight(day + timedelta(days=1))), cameras)


def next_hour(at: datetime) -> datetime:
    """The first hour of UTC that does not begin before a time; later by half an hour in zones of half hours."""
    hour = hour_of(at)
    return hour if hour == at else hour + HOUR


def day_of(at: datetime) -> date:
    """The day on which the hour of a time begins."""
    return timezone.localtime(hour_of(at)).date()


LATER_THAN_ALL = datetime(2200, 1, 1, tzinfo=UTC)
"""No picture is of this time."""
