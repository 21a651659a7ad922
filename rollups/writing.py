"""Bringing the tables in line with what was counted; rows that are right already are not written."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet, Sum
from django.utils import timezone

from rollups import counting
from rollups.columns import OfSite
from rollups.counting import Counted
from rollups.models import (
    ThingsDay,
    ThingsHour,
    ThingsSite,
    TrafficDay,
    TrafficHour,
    TrafficSite,
    VisitsDay,
    VisitsSite,
    WorkDay,
    WorkHour,
    WorkSite,
)
from rollups.spans import Span, hours_of

SITE = 0
"""Stands for the camera in what is counted of the whole site."""

BATCH = 500
HOURS = ((TrafficHour, counting.traffic), (ThingsHour, counting.things), (WorkHour, counting.work))
DAYS = ((TrafficDay, TrafficHour), (ThingsDay, ThingsHour), (WorkDay, WorkHour))
SITES = ((TrafficSite, TrafficDay), (VisitsSite, VisitsDay), (ThingsSite, ThingsDay), (WorkSite, WorkDay))
DAILY = (TrafficDay, VisitsDay, ThingsDay, WorkDay, TrafficSite, VisitsSite, ThingsSite, WorkSite)
"""All tables that have days of the site's time zone."""


def write_hours(span: Span) -> int:
    """Count hours and have their rows say it; how many rows were different. Called inside a transaction."""
    different = 0
    for model, count in HOURS:
        different += bring_in_line(model, span.of(model._default_manager.all(), "at"), count(span))
    return different


def write_day(day: date, cameras: frozenset[int] | None = None) -> int:
    """Sum the hours that begin on a day, and the day's cameras; how many rows were different. In a transaction."""
    span, different = hours_of(day, cameras), 0
    for model, hourly in DAYS:
        hours = span.of(hourly._default_manager.all(), "at")
        different += bring_in_line(model, of_day(model, day, cameras), summed(model, hours, day))
    visits = span.of(TrafficHour.objects.filter(visits__gt=0), "at")
    different += bring_in_line(VisitsDay, of_day(VisitsDay, day, cameras), by_clock(visits, day))
    for site, daily in SITES:
        whole = site._default_manager.filter(at=day)
        different += bring_in_line(site, whole, summed(site, daily._default_manager.filter(at=day).order_by(), day))
    return different


def of_day(model: Any, day: date, cameras: frozenset[int] | None) -> QuerySet[Any, Any]:
    """The rows of a day of some cameras, or of all."""
    rows: QuerySet[Any, Any] = model._default_manager.filter(at=day)
    return rows if cameras is None else rows.filter(camera__in=sorted(cameras))


def summed(model: Any, parts: QuerySet[Any, Any], day: date) -> Counted:
    """The rows of a day, from those of its hours or, where the model has no camera, of its cameras."""
    names, group = columns(model), "camera" if has_camera(model) else "at"
    rows = parts.values(group, *model.KEYS).annotate(**{f"n_{name}": Sum(name) for name in names})
    return {
        (row.get("camera", SITE), day, "".join(row[name] for name in model.KEYS)): {
            name: round(row[f"n_{name}"], 1) for name in names
        }
        for row in rows
    }


def by_clock(hours: QuerySet[TrafficHour], day: date) -> Counted:
    """Visits of a day's hours by the site's clock."""
    counted: Counted = {}
    for camera, at, visits in hours.values_list("camera", "at", "visits"):
        row, column = counted.setdefault((camera, day, ""), {}), f"hour_{timezone.localtime(at).hour}"
        row[column] = row.get(column, 0) + visits
    return counted


def has_camera(model: Any) -> bool:
    """Whether rows are of one camera each, and not of the site."""
    return not issubclass(model, OfSite)


def columns(model: Any) -> list[str]:
    """The figures of a table."""
    own = {"id", "camera", "at", *model.KEYS}
    return [field.name for field in model._meta.concrete_fields if field.name not in own]


def bring_in_line(model: Any, there: QuerySet[Any, Any], fresh: Counted) -> int:
    """Have the rows that are there be those that were counted; how many were not."""
    names, left = columns(model), dict(fresh)
    changed, gone, of_camera = [], [], has_camera(model)
    for row in there:
        camera, what = row.camera_id if of_camera else SITE, "".join(getattr(row, name) for name in model.KEYS)
        facts = left.pop((camera, row.at, what), None)
        if facts is None:
            gone.append(row.pk)
        elif any(getattr(row, name) != facts.get(name, 0) for name in names):
            for name in names:
                setattr(row, name, facts.get(name, 0))
            changed.append(row)
    new = [
        model(at=at, **({"camera_id": camera} if of_camera else {}), **dict.fromkeys(model.KEYS, what), **facts)
        for (camera, at, what), facts in left.items()
    ]
    for first in range(0, len(gone), BATCH):
        model._default_manager.filter(pk__in=gone[first : first + BATCH]).delete()
    model._default_manager.bulk_update(changed, names, batch_size=50)
    model._default_manager.bulk_create(new, batch_size=BATCH)
    return len(gone) + len(changed) + len(new)
