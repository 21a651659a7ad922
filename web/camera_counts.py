"""How many pictures a camera has: what is over from the counts of hours and days, what goes on from the pictures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import BigIntegerField, Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from cameras.changes import hour_of
from cameras.days import midnight
from cameras.models import Camera, Image
from rollups.models import Ledger, TrafficDay, TrafficHour
from web.site_time import by_site_clock

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class CameraCounts:
    """Pictures today and in seven days with today, by the person's clock, and of all time."""

    today: int
    week: int
    all: int
    complete: bool
    """Whether every picture of earlier days was counted; else `all` is of those that were."""


@dataclass(frozen=True, slots=True)
class Moments:
    """Where the days begin that are counted."""

    today: datetime
    week: datetime
    here: datetime
    """When today began by the site's clock, by which rows of days are kept."""

    @property
    def direct(self) -> datetime:
        """From here on pictures themselves are counted, before it hours.

        These are whole hours of UTC: the hour in which a day of a half-hour zone begins is counted with it.
        """
        return hour_of(min(self.today, self.here))


def moments() -> Moments:
    """These as of now."""
    today = timezone.localdate()
    return Moments(midnight(today), midnight(today - WEEK + timedelta(days=1)), site_midnight())


def with_counted(cameras: QuerySet[Camera], at: Moments) -> QuerySet[Camera]:
    """Cameras with `week_counted` and `days_counted`, pictures of what is over, and whether that is `all_counted`."""
    hours = TrafficHour.objects.filter(camera=OuterRef("pk"), at__gte=hour_of(at.week), at__lt=at.direct)
    days = TrafficDay.objects.filter(camera=OuterRef("pk"), at__lt=site_day(at.here))
    ended = Ledger.objects.filter(counted_from=None).exclude(finished_at=None)
    return cameras.annotate(week_counted=summed(hours), days_counted=summed(days), all_counted=Exists(ended))


def summed(rows: QuerySet[Any, Any]) -> Coalesce:
    """The pictures of these rows of one camera, as a part of another query."""
    total = rows.order_by().values("camera").annotate(n=Sum("images")).values("n")
    return Coalesce(Subquery(total, output_field=BigIntegerField()), 0)


def camera_counts(camera: Camera, at: Moments) -> CameraCounts:
    """The counts of one camera, read by `with_counted`. One query over the pictures of at most two days.

    What changed in the last minutes in days that are over may still be on its way into the counts.
    """
    direct = (
        Image.objects.filter(camera=camera, received_at__gte=at.direct)
        .order_by()
        .aggregate(
            today=Count("pk", filter=Q(received_at__gte=at.today)),
            here=Count("pk", filter=Q(received_at__gte=at.here)),
            all=Count("pk"),
        )
    )
    counted: Any = camera
    return CameraCounts(
        direct["today"],
        direct["all"] + counted.week_counted,
        direct["here"] + counted.days_counted,
        counted.all_counted,
    )


@by_site_clock
def site_midnight() -> datetime:
    """When today began by the site's clock, by which rows of days are kept."""
    return midnight(timezone.localdate())


@by_site_clock
def site_day(at: datetime) -> date:
    """The day of a time by the site's clock."""
    return timezone.localdate(at)
