"""Filters of the admin's lists that read no more than their own choices."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from cameras.admin_lists import BIGGEST
from cameras.days import midnight
from cameras.models import Camera

LATEST = 2000
"""Rows that are looked at for the values that a filter offers."""

if TYPE_CHECKING:
    Rows = QuerySet[Any]


class CameraFilter(admin.SimpleListFilter):
    """By camera; retired ones are offered only where one is chosen."""

    title = "camera"
    parameter_name = "camera"
    path = "camera"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, str]]:
        """The cameras in use, and the chosen one."""
        chosen = request.GET.get(self.parameter_name, "")
        cameras = Camera.objects.select_related("node")
        return [
            (str(one.pk), f"{one} (retired)" if one.retired_at else str(one))
            for one in cameras
            if not one.retired_at or str(one.pk) == chosen
        ]

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        """The rows of the chosen camera."""
        chosen = self.value() or ""
        if not chosen.isdecimal():
            return queryset
        if len(chosen) > len(str(BIGGEST)) or int(chosen) > BIGGEST:
            raise IncorrectLookupParameters("No camera has this number.")
        return queryset.filter(**{self.path: int(chosen)})


class ImageCameraFilter(CameraFilter):
    """By the camera of a row's image."""

    path = "image__camera"


class RetiredFilter(admin.SimpleListFilter):
    """Cameras in use, unless the retired ones are asked for."""

    title = "use"
    parameter_name = "retired"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, str]]:
        """What can be asked for besides those in use."""
        return [("yes", "Retired"), ("all", "All")]

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        """The same, with what is shown unless asked."""
        first, *others = super().choices(changelist)
        yield {**first, "display": "In use"}
        yield from others

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        """The cameras in use, the retired ones, or all. One that is looked up by its key is shown in any case."""
        if self.value() == "all":
            return queryset
        return queryset.filter(retired_at__isnull=self.value() != "yes")


class ProblemFilter(admin.SimpleListFilter):
    """Images whose file cannot be decoded."""

    title = "file"
    parameter_name = "problem"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, str]]:
        """The one choice."""
        return [("yes", "Cannot be read")]

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        """Those with a problem; more than nothing, since databases use no index for other than nothing."""
        return queryset.filter(problem__gt="") if self.value() else queryset


class KeptFilter(admin.SimpleListFilter):
    """Images that are never purged."""

    title = "keeping"
    parameter_name = "kept"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, str]]:
        """The one choice."""
        return [("yes", "Kept")]

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        """Those that are kept; put so that SQLite sees that its index helps, which it does not in `WHERE keep`."""
        return queryset.filter(keep__in=[True]) if self.value() else queryset


class ValuesFilter(admin.SimpleListFilter):
    """By the values that a column usually has or has had lately; for rarer ones the address is written by hand.

    One look at the column's index finds the next value, but that takes a query for each; in a single query MariaDB
    reads the whole index for every one of them.
    """

    column = ""
    usual: tuple[str, ...] = ()
    """Values that are offered in any case."""

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, str]]:
        """The usual values, those of the latest rows, and the chosen one."""
        latest = model_admin.model._default_manager.order_by("-pk").values_list(self.column, flat=True)
        chosen = request.GET.get(self.parameter_name or "", "")
        found = {*self.usual, *latest[:LATEST], chosen} - {""}
        return [(value, value) for value in sorted(found, key=str.lower)]

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        """The rows that have the chosen value."""
        return queryset.filter(**{self.column: self.value()}) if self.value() else queryset


class DaysFilter(admin.DateFieldListFilter):
    """By day: Django's ranges, and a form for any other."""

    template = "admin/cameras/days_filter.html"

    def __init__(
        self, field: Any, request: HttpRequest, params: Any, model: type[Model], *rest: Any, **named: Any
    ) -> None:
        field_path = named["field_path"]
        self.first, self.last = f"{field_path}__from_day", f"{field_path}__to_day"
        self.others: list[tuple[str, str]] = []
        super().__init__(field, request, params, model, *rest, **named)
        self.from_day = day_of(request.GET.get(self.first))
        self.to_day = day_of(request.GET.get(self.last))

    def expected_parameters(self) -> list[str | None]:
        """Django's, and the form's."""
        return [*super().expected_parameters(), self.first, self.last]

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        """Django's ranges; what else is asked for is kept for the form."""
        others = changelist.filter_params.items()
        self.others = [(key, one) for key, many in others for one in many if not key.startswith(self.field_generic)]
        return super().choices(changelist)

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows | None:
        """The rows of the days from the first to the last."""
        for own in (self.first, self.last):
            self.used_parameters.pop(own, None)
        rows = super().queryset(request, queryset)
        if rows is not None and self.from_day:
            rows = rows.filter(**{self.lookup_kwarg_since: midnight(self.from_day)})
        if rows is not None and self.to_day:
            rows = rows.filter(**{self.lookup_kwarg_until: midnight(self.to_day + timedelta(days=1))})
        return rows


def day_of(text: str | None) -> date | None:
    """A day as browsers send it; None where it is none, or one that no time zone can hold."""
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return None
    return day if date.min.year < day.year < date.max.year else None
