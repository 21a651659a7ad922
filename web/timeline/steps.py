"""The step that a time falls into, as databases can tell it: one group each, in any time zone, also of half hours."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.db.models import F, Func, IntegerField, QuerySet

from web.timeline.stretch import Stretch


class StepOf(Func):
    """The number of the step of a time's column that is not before the stretch; whole seconds decide."""

    output_field = IntegerField()

    def __init__(self, field: str, stretch: Stretch) -> None:
        super().__init__(F(field))
        self.begins, self.seconds = stretch.begins, int(stretch.step.total_seconds())

    def as_sqlite(self, compiler: Any, connection: Any, **_: Any) -> Any:
        """SQLite keeps times as text, and would round fractions up."""
        at, params = compiler.compile(self.source_expressions[0])
        begun = int(self.begins.timestamp())
        return f"((CAST(strftime('%%s', substr({at}, 1, 19)) AS INTEGER) - {begun}) / {self.seconds})", params

    def as_mysql(self, compiler: Any, connection: Any, **_: Any) -> Any:
        """MariaDB and MySQL, which keep them in UTC."""
        at, params = compiler.compile(self.source_expressions[0])
        return f"(TIMESTAMPDIFF(SECOND, '{written(self.begins)}', {at}) DIV {self.seconds})", params


def written(at: datetime) -> str:
    """A time as MariaDB reads it."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S}"


def within(
    rows: QuerySet[Any, Any], field: str, stretch: Stretch, begins: datetime, ends: datetime
) -> QuerySet[Any, Any]:
    """Rows whose time is of a part of the stretch, in no order, with the number of its step as `step`."""
    times = {f"{field}__gte": begins, f"{field}__lt": ends}
    found: QuerySet[Any, Any] = rows.order_by().filter(**times).annotate(step=StepOf(field, stretch))
    return found
