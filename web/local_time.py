"""Time of day and day of the week by the site's clock, as databases can tell them of a time in UTC.

The databases' own conversions are too slow for many rows (SQLite calls Python for each) or want tables of time zones
(MariaDB); an offset for every part of the past, which Python knows, is plain arithmetic.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from django.db.models import Case, Expression, F, Func, IntegerField, Value, When
from django.utils import timezone

from web.days import FIRST

STEP = timedelta(days=14)
"""No zone changes its clocks twice within so many days."""
DAY = 24 * 60
"""Minutes."""


class LocalMinute(Func):
    """The minute of the local day, 0 to 1439; of a time and the minutes that the local clock is ahead of UTC."""

    output_field = IntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **_: Any) -> Any:
        """SQLite keeps times as text."""
        (at, params), (ahead, more) = (compiler.compile(one) for one in self.source_expressions)
        sql = f"((substr({at}, 12, 2) * 60 + substr({at}, 15, 2) + {ahead} + {DAY}) %% {DAY})"
        return sql, [*params, *params, *more]

    def as_mysql(self, compiler: Any, connection: Any, **_: Any) -> Any:
        """MariaDB and MySQL."""
        (at, params), (ahead, more) = (compiler.compile(one) for one in self.source_expressions)
        return f"MOD(HOUR({at}) * 60 + MINUTE({at}) + {ahead} + {DAY}, {DAY})", [*params, *params, *more]


class LocalWeekday(Func):
    """The day of the week, 0 for Monday; of a time and the minutes that the local clock is ahead of UTC."""

    output_field = IntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **_: Any) -> Any:
        """SQLite counts from Sunday."""
        (at, params), (ahead, more) = (compiler.compile(one) for one in self.source_expressions)
        return f"((strftime('%%w', {at}, ({ahead}) || ' minutes') + 6) %% 7)", [*params, *more]

    def as_mysql(self, compiler: Any, connection: Any, **_: Any) -> Any:
        """MariaDB and MySQL."""
        (at, params), (ahead, more) = (compiler.compile(one) for one in self.source_expressions)
        return f"WEEKDAY(DATE_ADD({at}, INTERVAL {ahead} MINUTE))", [*params, *more]


def local_minute(field: str) -> Expression:
    """The minute of the local day of a time's column."""
    return LocalMinute(F(field), ahead(field))


def local_weekday(field: str) -> Expression:
    """The local day of the week of a time's column, 0 for Monday."""
    return LocalWeekday(F(field), ahead(field))


def ahead(field: str) -> Expression:
    """By how many minutes the site's clock was ahead of UTC at the time in a column, the latest change first."""
    before, found = changes(timezone.get_current_timezone_name(), timezone.now().date().year)
    whens = [When(**{f"{field}__gte": at}, then=Value(minutes)) for at, minutes in reversed(found)]
    return Case(*whens, default=Value(before), output_field=IntegerField())


@lru_cache(maxsize=8)
def changes(zone: str, year: int) -> tuple[int, list[tuple[datetime, int]]]:
    """The offset of the beginning, and when it changed to what since, up to two years ahead; minutes.

    The zone is the current one; its name and the year are what the result depends on.
    """
    at, ends = datetime(FIRST.year, 1, 1, tzinfo=UTC), datetime(year + 2, 1, 1, tzinfo=UTC)
    before = offset(at)
    found: list[tuple[datetime, int]] = []
    while at < ends:
        if offset(at) != offset(at + STEP):
            change = change_between(at, at + STEP)
            found.append((change, offset(change)))
        at += STEP
    return before, found


def change_between(first: datetime, last: datetime) -> datetime:
    """The minute from which the later offset holds."""
    low, high = 0, int((last - first) / timedelta(minutes=1))
    while high - low > 1:
        middle = (low + high) // 2
        if offset(first + timedelta(minutes=middle)) == offset(first):
            low = middle
        else:
            high = middle
    return first + timedelta(minutes=high)


def offset(at: datetime) -> int:
    """By how many minutes the site's clock is ahead of UTC."""
    return int((timezone.localtime(at).utcoffset() or timedelta()) / timedelta(minutes=1))
