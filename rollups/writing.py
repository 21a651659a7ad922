"""Bringing the tables in line with what was counted; rows that are right already are not written."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet, Sum

from rollups import counting
from rollups.counting import Counted
from rollups.models import ThingsDay, ThingsHour, TrafficDay, TrafficHour, WorkDay, WorkHour
from rollups.spans import Span, hours_of

BATCH = 500
HOURS = ((TrafficHour, counting.traffic), (ThingsHour, counting.things), (WorkHour, counting.work))
DAYS = ((TrafficDay, TrafficHour), (ThingsDay, ThingsHour), (WorkDay, WorkHour))


def write_hours(span: Span) -> int:
    """Count hours and have their rows say it; how many rows were different. Called inside a transaction."""
    different = 0
    for model, count in HOURS:
        different += bring_in_line(model, span.of(model._default_manager.all(), "at"), count(span))
    return different


def write_day(day: date, cameras: frozenset[int] | None = None) -> int:
    """Sum the hours that begin on a day; how many rows were different. Called inside a transaction."""
    span, different = hours_of(day, cameras), 0
    for model, hourly in DAYS:
        there = model._default_manager.filter(at=day)
        there = there if cameras is None else there.filter(camera__in=sorted(cameras))
        different += bring_in_line(model, there, summed(model, span.of(hourly._default_manager.all(), "at"), day))
    return different


def summed(model: Any, hours: QuerySet[Any, Any], day: date) -> Counted:
    """The rows of a day, from those of its hours."""
    names = columns(model)
    rows = hours.values("camera", *model.KEYS).annotate(**{f"n_{name}": Sum(name) for name in names})
    return {
        (row["camera"], day, "".join(row[name] for name in model.KEYS)): {
            name: round(row[f"n_{name}"], 1) for name in names
        }
        for row in rows
    }


def columns(model: Any) -> list[str]:
    """The figures of a table."""
    own = {"id", "camera", "at", *model.KEYS}
    return [field.name for field in model._meta.concrete_fields if field.name not in own]


def bring_in_line(model: Any, there: QuerySet[Any, Any], fresh: Counted) -> int:
    """Have the rows that are there be those that were counted; how many were not."""
    names, left = columns(model), dict(fresh)
    changed, gone = [], []
    for row in there:
        facts = left.pop((row.camera_id, row.at, "".join(getattr(row, name) for name in model.KEYS)), None)
        if facts is None:
            gone.append(row.pk)
        elif any(getattr(row, name) != facts.get(name, 0) for name in names):
            for name in names:
                setattr(row, name, facts.get(name, 0))
            changed.append(row)
    new = [
        model(camera_id=camera, at=at, **dict.fromkeys(model.KEYS, what), **facts)
        for (camera, at, what), facts in left.items()
    ]
    for first in range(0, len(gone), BATCH):
        model._default_manager.filter(pk__in=gone[first : first + BATCH]).delete()
    model._default_manager.bulk_update(changed, names, batch_size=50)
    model._default_manager.bulk_create(new, batch_size=BATCH)
    return len(gone) + len(changed) + len(new)
