"""The years, months and days of a list, without reading its rows."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from datetime import date
from itertools import takewhile
from typing import Any

from django import template
from django.contrib.admin.views.main import ChangeList
from django.utils import timezone
from django.utils.formats import date_format

register = template.Library()
LEVELS = ("year", "month", "day")
FORMATS = ("Y", "YEAR_MONTH_FORMAT", "MONTH_DAY_FORMAT")


@register.inclusion_tag("admin/date_hierarchy.html")
def days(cl: ChangeList) -> dict[str, object]:
    """Links to the years, months or days between the first and the last row, to narrow the list.

    Django's own tag asks which of them have rows, and so reads all rows; this one looks at both ends of an index.
    """
    ends = bounds(cl)
    if ends is None:
        return {"show": False}
    asked = (cl.params.get(f"{cl.date_hierarchy}__{level}") for level in LEVELS)
    chosen = [int(one or 0) for one in takewhile(bool, asked)]
    parts = chosen or in_common(*ends)
    entries = [entry(cl, [*parts, one]) for one in offered(*ends, parts)]
    here: list[dict[str, str]] = [{"title": title(parts)}] if len(parts) == len(LEVELS) else entries
    return {"show": True, "back": entry(cl, chosen[:-1]) if chosen else None, "choices": here}


def bounds(cl: ChangeList) -> tuple[date, date] | None:
    """The days of the first and the last row; None without any row."""
    times: Any = cl.root_queryset.values_list(cl.date_hierarchy, flat=True)
    first, last = (times.order_by(f"{sign}{cl.date_hierarchy}").first() for sign in ("", "-"))
    return (timezone.localdate(first), timezone.localdate(last)) if first and last else None


def in_common(first: date, last: date) -> list[int]:
    """The year, and the month, of two days, as far as they are the same."""
    if first.year != last.year:
        return []
    return [first.year] if first.month != last.month else [first.year, first.month]


def offered(first: date, last: date, parts: Sequence[int]) -> range:
    """The years, the months of a year, or the days of a month that lie between two days."""
    level = len(parts)
    if level == len(LEVELS):
        return range(0)
    least, most = (1, [9999, 12, monthrange(*parts)[1] if level == 2 else 0][level])
    so_far = tuple(parts)
    from_first = getattr(first, LEVELS[level]) if so_far <= first.timetuple()[:level] else least
    to_last = getattr(last, LEVELS[level]) if so_far >= last.timetuple()[:level] else most
    return range(from_first, to_last + 1)


def entry(cl: ChangeList, parts: Sequence[int]) -> dict[str, str]:
    """A link to the list, narrowed to a year, a month or a day; to all of it without any part."""
    wanted = {f"{cl.date_hierarchy}__{level}": str(part) for level, part in zip(LEVELS, parts, strict=False)}
    return {"link": cl.get_query_string(wanted, [f"{cl.date_hierarchy}__"]), "title": title(parts)}


def title(parts: Sequence[int]) -> str:
    """2026, May 2026 or 17 May."""
    if not parts:
        return "All dates"
    year, month, day = (*parts, 1, 1)[:3]
    return date_format(date(year, month, day), FORMATS[len(parts) - 1])
