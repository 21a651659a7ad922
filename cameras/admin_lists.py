"""What all lists of machine data in the admin have in common: no page of theirs reads more than it shows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar, cast

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Field, Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property

from cameras.admin_changelist import CarefulChangeList

M = TypeVar("M", bound=Model)
MOST_COUNTED = 2_000
HIGHEST = "\U0010ffff"
BIGGEST = 2**63 - 1
STAMP = re.compile(r"\d{4}-\d{2}-\d{2}(?=T)")

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin
    RowPaginator = Paginator
else:

    class ModelAdmin(admin.ModelAdmin):
        """Django's own, which takes its model in brackets only for type checkers."""

        def __class_getitem__(cls, model: type[Model]) -> type[Self]:
            return cls

    class RowPaginator(Paginator):
        """Django's own, likewise."""

        def __class_getitem__(cls, model: type[Model]) -> type[Self]:
            return cls


class CappedPaginator(RowPaginator[M]):
    """Counts no further than people page, since counting millions of rows takes seconds."""

    @cached_property
    def count(self) -> int:
        """How many rows there are, at most `MOST_COUNTED`."""
        rows = self.object_list
        return rows[:MOST_COUNTED].count() if isinstance(rows, QuerySet) else len(rows)

    def _get_page(self, object_list: Any, number: int, paginator: Any) -> Any:
        """A page; on the second and later ones the keys are read first, off the index.

        Asked for whole rows behind many others, MariaDB would rather sort all that there are.
        """
        if number > 1 and isinstance(object_list, QuerySet):
            keys = list(object_list.prefetch_related(None).values_list("pk", flat=True))
            found = cast(QuerySet[M], self.object_list).in_bulk(keys)
            object_list = [found[key] for key in keys if key in found]
        return super()._get_page(object_list, number, paginator)  # type: ignore[misc]


class LibrarianAdmin(ModelAdmin[M]):
    """Links to what belongs to a row, and buttons for its actions on its own page."""

    change_list_template = "admin/cameras/list.html"
    change_form_template = "admin/cameras/row.html"
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50
    paginator = CappedPaginator
    row_actions: ClassVar[tuple[str, ...]] = ()
    """Actions that the page of a row offers as buttons."""
    related: ClassVar[tuple[str, ...]] = ()
    """What the page of a row says of other rows, read along with it."""
    actions_query = ""
    """What has to be asked of the list for it to have the row."""

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """The list that answers whatever is asked."""
        return CarefulChangeList

    def row_links(self, row: M) -> list[tuple[str, str]]:
        """Text and address of what belongs to a row."""
        return []

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> M | None:
        """The row, read once however often a page asks for it."""
        known = request.__dict__.setdefault("rows_of_the_admin", {})
        name = (self.model, object_id, from_field)
        if name not in known:
            known[name] = self.read_object(request, object_id, from_field)
        return known[name]  # type: ignore[no-any-return]

    def read_object(self, request: HttpRequest, object_id: str, from_field: str | None) -> M | None:
        """The row with what is related to it, or None where there is none."""
        field = self.opts.get_field(from_field or self.opts.pk.name)
        rows = self.get_queryset(request)
        rows = rows.select_related(*self.related) if self.related else rows
        try:
            return rows.filter(**{field.name: object_id}).first()
        except (ValidationError, ValueError):
            return None

    def offered(self, row: M) -> tuple[str, ...]:
        """The buttons that suit a row."""
        return self.row_actions

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page of a row, with its links and buttons."""
        row = self.get_object(request, object_id)
        actions = {name: found[2] for name, found in self.get_actions(request).items() if found}
        extra: dict[str, Any] = {
            "row_links": self.row_links(row) if row else [],
            "row_actions": [(name, actions[name]) for name in (self.offered(row) if row else ()) if name in actions],
            "actions_query": self.actions_query,
        }
        kwargs["extra_context"] = extra | (kwargs.get("extra_context") or {})
        return super().change_view(request, object_id, *args, **kwargs)


class MachineDataAdmin(LibrarianAdmin[M]):
    """Rows that machines wrote, perhaps millions: to be looked at, not added, and changed only where `editable` says.

    They are not deleted here either, since the sweep would bring a picture back; a purge leaves a tombstone first.
    """

    editable: ClassVar[tuple[str, ...]] = ()
    extra_fields: ClassVar[tuple[str, ...]] = ()
    """What the page of a row shows besides its columns, first."""
    sortable_by: ClassVar[tuple[str, ...]] = ()
    found_by: ClassVar[tuple[str, ...]] = ()
    """Fields of an index in which words are searched as a whole, or by their beginning where the name has a ^.

    The first field that can hold a word decides: two at once, or Django's own case-blind search, would read all rows.
    """
    orderings: ClassVar[dict[str, tuple[str, ...]]] = {}
    """By a filter's parameter: the order in which an index has the rows that the filter leaves."""

    def get_fields(self, request: HttpRequest, obj: M | None = None) -> list[Any]:
        """Those that are named, else the extra fields and all columns."""
        columns = [field.name for field in (*self.opts.fields, *self.opts.many_to_many) if not field.primary_key]
        return list(self.fields or [*self.extra_fields, *columns])

    def get_readonly_fields(self, request: HttpRequest, obj: M | None = None) -> list[str]:
        """All but the editable fields."""
        columns = [field.name for field in self.opts.fields if field.name not in self.editable]
        return [*columns, *self.extra_fields]

    def get_ordering(self, request: HttpRequest) -> Any:
        """The order that suits the filter that is on, else the usual one."""
        return self.suiting(request) or super().get_ordering(request)

    def suiting(self, request: HttpRequest) -> tuple[str, ...]:
        """The order that suits the filter that is on; nothing where the usual one does."""
        return next((order for parameter, order in self.orderings.items() if request.GET.get(parameter)), ())

    def get_search_fields(self, request: HttpRequest) -> Any:
        """What the search box is shown for."""
        return self.found_by or super().get_search_fields(request)

    def get_search_results(self, request: HttpRequest, queryset: QuerySet[M], search_term: str) -> Any:
        """The rows that an index finds; where nothing is `found_by` an index, Django's own search.

        Django puts the rows in order before it calls this, and adds the key to orders that it takes for ambiguous. A
        key of another table than the index's would have MariaDB sort everything.
        """
        if suiting := self.suiting(request):
            queryset = queryset.order_by(*suiting)
        if not self.found_by:
            return super().get_search_results(request, queryset, search_term)
        for word in search_term.split():
            queryset = self.having(queryset, word)
        return queryset, False

    def having(self, rows: QuerySet[M], word: str) -> QuerySet[M]:
        """The rows in which the first field that can hold a word has it."""
        for name in self.found_by:
            field = self.opts.get_field(name.removeprefix("^"))
            if name.startswith("^"):
                start = beginning(word)
                between = {f"{field.name}__gte": start, f"{field.name}__lt": start + HIGHEST}
                return rows.filter(**between).order_by(f"-{field.name}")
            try:
                value = field.to_python(word) if isinstance(field, Field) else None
            except ValidationError:
                continue
            too_big = isinstance(value, int) and value > BIGGEST
            return rows.none() if too_big else rows.filter(**{name: value})
        return rows.none()

    def has_add_permission(self, request: HttpRequest, obj: object | None = None) -> bool:
        """Only machines add."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        """Only the purge deletes."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        """As far as there is something to change."""
        return bool(self.editable) and super().has_change_permission(request, obj)


def beginning(word: str) -> str:
    """The beginning of a path that someone means who wrote a path, or a file's name with its time."""
    day = STAMP.search(word)
    return f"images/{day[0]}/{word}" if day and "/" not in word else word
