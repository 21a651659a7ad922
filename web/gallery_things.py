"""What things a picture has to show, as conditions of the database: of each label so many, so sure, in a region."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Count, Exists, ExpressionWrapper, F, FloatField, Func, OuterRef, Q, QuerySet
from django.db.models.sql.compiler import SQLCompiler

from detections.models import Detection
from web.gallery_filters import Area, Filters


def objects(filters: Filters) -> list[Q]:
    """What things a picture has to show: of each label so many, so sure, in the region of interest."""
    any_thing = filters.score > 0 or filters.count > 1 or bool(filters.roi)
    return [shows(label, filters) for label in filters.labels or ([""] if any_thing else [])]


def shows(label: str, filters: Filters) -> Q:
    """Whether a picture shows enough things of a label, or of any."""
    rows = Detection.objects.things().filter(image=OuterRef("pk"), confidence__gte=filters.score)
    if label:
        rows = rows.filter(label=label)
    if not filters.roi:
        return Q(enough(rows, filters.count))
    return Q(camera__in=list(filters.areas)) & Q(enough(standing_in(rows, filters.areas), filters.count))


def standing_in(rows: QuerySet[Detection], areas: Mapping[int, Area]) -> QuerySet[Detection]:
    """Things that stand in their camera's area: with the middle of their box's bottom edge, as in zones."""
    left, top, right, bottom = (
        ByNumber(OuterRef("camera"), {camera: area[edge] for camera, area in areas.items()}) for edge in range(4)
    )
    across = ExpressionWrapper((F("x1") + F("x2")) * 50.0 / OuterRef("width"), FloatField())
    down = ExpressionWrapper(F("y2") * 100.0 / OuterRef("height"), FloatField())
    return rows.annotate(across=across, down=down).filter(
        across__gte=left, across__lte=right, down__gte=top, down__lte=bottom
    )


class ByNumber(Func):
    """A figure for each of some numbers, NULL for others: one expression, since Django takes long to put many together.

    `CASE number WHEN 5 THEN 10.0 WHEN 6 THEN … END`, with every figure a parameter.
    """

    def __init__(self, number: OuterRef, figures: Mapping[int, float]) -> None:
        super().__init__(number, output_field=FloatField())
        self.figures = dict(figures)

    def as_sql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, *_: Any, **__: Any
    ) -> tuple[str, tuple[Any, ...]]:
        """The expression and its parameters."""
        number, parameters = compiler.compile(self.source_expressions[0])
        cases = " ".join("WHEN %s THEN %s" for _ in self.figures)
        return f"CASE {number} {cases} END", (*parameters, *(one for pair in self.figures.items() for one in pair))


def enough(rows: QuerySet[Detection], count: int) -> Exists:
    """Whether there are so many rows of one picture."""
    if count == 1:
        return Exists(rows)
    return Exists(rows.order_by().values("image").annotate(found=Count("pk")).filter(found__gte=count))
