"""Nodes, cameras and what they sent, in the admin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property

from cameras.models import Camera, Event, Image, Node, Tombstone, Visit

M = TypeVar("M", bound=Model)
MOST_COUNTED = 10_000

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


class MachineDataAdmin(ModelAdmin[M]):
    """Rows that machines wrote, perhaps millions: to be looked at, not added, and changed only where `editable` says.

    They are not deleted here either, since the sweep would bring a picture back; a purge leaves a tombstone first.
    """

    editable: tuple[str, ...] = ()
    show_full_result_count = False
    paginator = CappedPaginator
    list_per_page = 50
    sortable_by: ClassVar[tuple[str, ...]] = ()

    def get_readonly_fields(self, request: HttpRequest, obj: M | None = None) -> list[str]:
        """All but the editable fields."""
        return [field.name for field in self.opts.fields if field.name not in self.editable]

    def has_add_permission(self, request: HttpRequest, obj: object | None = None) -> bool:
        """Only machines add."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        """Only the purge deletes."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        """As far as there is something to change."""
        return bool(self.editable) and super().has_change_permission(request, obj)


@admin.register(Node)
class NodeAdmin(MachineDataAdmin[Node]):
    """Sending computers; how long one may be silent is for people to say."""

    editable = ("silent_after_minutes",)
    list_display = ("name", "hostname", "ip", "last_seen_at", "silent_since", "restarts", "heartbeats")
    list_filter = (("silent_since", admin.EmptyFieldListFilter),)
    search_fields = ("name", "hostname", "ip")
    sortable_by = ("name", "last_seen_at", "restarts")


@admin.register(Camera)
class CameraAdmin(MachineDataAdmin[Camera]):
    """Cameras come into being by their first message; what is done with their pictures is set here."""

    editable = ("display", "detect", "labels", "min_score", "plates", "newest_first", "rois", "message", "viewers")
    list_display = ("__str__", "node", "view", "display", "detect", "min_score", "plates")
    list_filter = ("display", "detect", "plates", "node")
    list_select_related = ("node",)
    search_fields = ("node__name", "view", "message")
    filter_horizontal = ("viewers",)
    sortable_by = ("node", "view")


@admin.register(Image)
class ImageAdmin(MachineDataAdmin[Image]):
    """Stored pictures; one of an unidentified camera can be given to the right one."""

    editable = ("camera", "keep")
    list_display = ("id", "camera", "received_at", "width", "height", "bytes", "keep", "problem")
    list_filter = ("keep", "received_at", "camera")
    list_select_related = ("camera__node",)
    autocomplete_fields = ("camera",)
    search_fields = ("=message_id", "^path")
    search_help_text = "The beginning of the path (images/2026-…), or a message id."

    def get_form(self, request: HttpRequest, obj: Image | None = None, change: bool = False, **kwargs: Any) -> Any:
        """The form, without the shortcuts beside the camera that add or delete one."""
        form = super().get_form(request, obj, change, **kwargs)
        if "camera" in form.base_fields:
            widget = form.base_fields["camera"].widget
            widget.can_add_related = widget.can_delete_related = False
        return form


@admin.register(Event)
class EventAdmin(MachineDataAdmin[Event]):
    """What nodes reported."""

    list_display = ("at", "node", "camera", "kind", "value", "roi")
    list_filter = ("at", "node")
    list_select_related = ("node", "camera__node")
    search_fields = ("=message_id", "=kind")
    search_help_text = "A kind (motion, Temp…) as a whole, or a message id."


@admin.register(Visit)
class VisitAdmin(MachineDataAdmin[Visit]):
    """Passes in front of a camera."""

    list_display = ("started_at", "camera", "ended_at", "closed_at")
    list_filter = ("started_at", "camera")
    list_select_related = ("camera__node",)


@admin.register(Tombstone)
class TombstoneAdmin(MachineDataAdmin[Tombstone]):
    """What was purged."""

    list_display = ("purged_at", "path", "message_id")
    list_filter = ("purged_at",)
    search_fields = ("=message_id", "^path")
    search_help_text = "The beginning of the path, or a message id."
    ordering = ("-purged_at",)
