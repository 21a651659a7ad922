"""`python -m tests.databases.filling`: rows of every model, as odd as a database can hold; their values, as text."""

from __future__ import annotations

import itertools
import sys
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import django
from django.db import models

ODD = "Gâte \u202e'`\"%s\\;😀 "
OLD = datetime(2019, 10, 27, 0, 30, 0, 123457, tzinfo=UTC)
numbers = itertools.count(1)


def value(field: models.Field[Any, Any]) -> Any:
    """A value for a column that no other row has."""
    number = next(numbers)
    if field.primary_key and field.has_default():  # of a table with one row
        return field.get_default()
    if field.choices:
        return next(iter(field.flatchoices))[0]
    if isinstance(field, models.ForeignKey):
        return field.related_model._base_manager.order_by("-pk").values_list("pk", flat=True).first()
    if isinstance(field, models.TextField | models.CharField):
        return f"{number} {ODD}"[: field.max_length]
    kinds: list[tuple[type[models.Field[Any, Any]], Any]] = [
        (models.BinaryField, number.to_bytes(32, "little")),
        (models.UUIDField, uuid.UUID(int=number, version=4)),
        (models.GenericIPAddressField, f"2001:db8::{number:x}"),
        (models.JSONField, {"ä😀": [number, None, 0.1, {"'": "\\\u2028"}]}),
        (models.DateTimeField, OLD + timedelta(days=number)),
        (models.DateField, (OLD + timedelta(days=number)).date()),
        (models.BooleanField, bool(number % 2)),
        (models.FloatField, number / 7),
        (models.IntegerField, number % 1000),
    ]
    return next(found for kind, found in kinds if isinstance(field, kind))


def fill(events: int) -> None:
    """Three rows in each table, and so many events."""
    from cameras.models import Event
    from ingest import moving

    waiting = moving.models()
    while waiting:
        model = waiting.pop(0)
        keys = [field for field in model._meta.concrete_fields if isinstance(field, models.ForeignKey)]
        if any(field.related_model in waiting for field in keys):
            waiting.append(model)  # the rows that its rows point to come first
            continue
        for _ in range(3):
            facts = {field.attname: value(field) for field in model._meta.concrete_fields if not automatic(field)}
            model._base_manager.bulk_create([model(**facts)], ignore_conflicts=True)  # relations repeat
    node = Event.objects.all()[0].node
    ids = (uuid.uuid4() for _ in range(events))
    Event.objects.bulk_create(
        [Event(message_id=one, node=node, kind="Temp", text=f"{one} {ODD}", at=OLD) for one in ids], batch_size=500
    )
    assert all(moving.count(model, "default") for model in moving.models())


def automatic(field: models.Field[Any, Any]) -> bool:
    """Whether the database makes the value."""
    return isinstance(field, models.AutoField | models.GeneratedField)


def dump() -> None:
    """Print every row of every table."""
    from ingest import moving

    for model in moving.models():
        rows = moving.rows(model, "default").values_list()
        print(model._meta.db_table, *sorted(map(repr, rows)), sep="\n  ")


if __name__ == "__main__":
    django.setup()
    fill(int(sys.argv[2])) if sys.argv[1] == "fill" else dump()
