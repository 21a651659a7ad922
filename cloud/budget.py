"""What a month's calls may be, how many are left, and on which day they will be spent."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.db.models import F, Sum
from django.utils import timezone

import environment
from cloud import pace
from cloud.account import Usage
from cloud.models import CloudDay, CloudState

RATE_DAYS = 7
"""The forecast goes on as the last so many days went."""


@dataclass(frozen=True, slots=True)
class Budget:
    """A month by the service's count."""

    used: int
    limit: int | None
    """None: no limit."""
    starts_at: datetime
    ends_at: datetime
    a_day: float
    """Calls a day, lately."""

    @property
    def left(self) -> int | None:
        """Calls that may still be made; None: any number."""
        return None if self.limit is None else max(0, self.limit - self.used)

    @property
    def runs_out_at(self) -> datetime | None:
        """When the budget will be spent, should it go on as lately; None where it lasts until it is renewed."""
        if self.left is None or (self.left and not self.a_day):
            return None
        days = self.left / self.a_day if self.left else 0.0
        at = timezone.now() + timedelta(days=min(days, 400))
        return at if at < self.ends_at else None


def current() -> Budget:
    """The month that runs."""
    row, now = pace.state(), timezone.now()
    starts_at, ends_at = period(now, row.resets_at)
    elsewhere = row.elsewhere if row.asked_at and row.asked_at >= starts_at else 0
    used = used_since(starts_at) + elsewhere
    return Budget(used, limit(row), starts_at, ends_at, rate(now))


def limit(row: CloudState) -> int | None:
    """PLATE_RECOGNIZER_BUDGET, or what the account allows where that is less; None: no limit."""
    known = [one for one in (environment.current().plate_recognizer_budget, row.service_limit) if one]
    return min(known, default=None)


def period(now: datetime, resets_at: datetime | None) -> tuple[datetime, datetime]:
    """Start and end of the month that `now` is in: by the account's day if known, else by the calendar, in UTC."""
    anchor = resets_at or datetime(now.year, now.month, 1, tzinfo=UTC)
    months = (now.year - anchor.year) * 12 + now.month - anchor.month
    end = next(found for number in range(months - 1, months + 3) if (found := later(anchor, number)) > now)
    start = max(found for number in range(months - 2, months + 2) if (found := later(anchor, number)) <= now)
    return start, end


def later(anchor: datetime, months: int) -> datetime:
    """So many months after a time, on the same day or the month's last."""
    year, month = divmod(anchor.year * 12 + anchor.month - 1 + months, 12)
    return anchor.replace(year=year, month=month + 1, day=min(anchor.day, calendar.monthrange(year, month + 1)[1]))


def used_since(starts_at: datetime) -> int:
    """Calls of ours that count since then, by days in UTC."""
    days = CloudDay.objects.filter(day__gte=starts_at.astimezone(UTC).date())
    return days.aggregate(calls=Sum("calls"))["calls"] or 0


def rate(now: datetime) -> float:
    """Calls a day over the last `RATE_DAYS`, or since the first call where that is not so long ago."""
    today = now.astimezone(UTC).date()
    days = CloudDay.objects.filter(day__gt=today - timedelta(days=RATE_DAYS))
    rows = dict(days.values_list("day", "calls"))
    if not rows:
        return 0.0
    first = CloudDay.objects.order_by("day").values_list("day", flat=True)[0]
    midnight = datetime(today.year, today.month, today.day, tzinfo=UTC)
    of_today = (now - midnight) / timedelta(days=1)
    span = min((today - first).days, RATE_DAYS - 1) + max(of_today, 0.25)
    return sum(rows.values()) / span


def count(calls: int, day: date | None = None) -> None:
    """Add calls to a day's, today's in UTC unless told; negative for those that turn out not to count."""
    row, _ = CloudDay.objects.get_or_create(day=day or timezone.now().astimezone(UTC).date())
    CloudDay.objects.filter(pk=row.pk).update(calls=F("calls") + calls)


def note(usage: Usage) -> None:
    """Keep what the service says of the account."""
    now = timezone.now()
    row = pace.state()
    resets_at = usage.resets_at or row.resets_at
    ours = used_since(period(now, resets_at)[0])
    CloudState.objects.filter(pk=1).update(
        service_limit=usage.limit, elsewhere=max(0, usage.calls - ours), resets_at=resets_at, asked_at=now
    )


def asked() -> None:
    """The service is being asked for that; whatever comes of it, not again at once."""
    pace.state()
    CloudState.objects.filter(pk=1, asked_at=None).update(asked_at=timezone.now())
