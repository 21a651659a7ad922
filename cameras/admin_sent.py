"""What cameras sent, in the admin: images, events, visits, and what is left of those that were purged."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from cameras import visits
from cameras.admin_filters import CameraFilter, DaysFilter, KeptFilter, ProblemFilter, ValuesFilter
from cameras.admin_lists import MachineDataAdmin
from cameras.admin_parts import picture, row_link, thumbnail, thumbnails
from cameras.models import ChangedHour, Event, Image, Purge, Removal, Tombstone, Visit

MOST_SHOWN = 12
"""Thumbnails in the strip of a visit."""


class EventKindFilter(ValuesFilter):
    """By kind."""

    title = parameter_name = column = "kind"
    usual = ("motion", "light", "Temp", "humidity", "Restart")


@admin.register(Image)
class ImageAdmin(MachineDataAdmin[Image]):
    """Stored pictures; one of an unidentified camera can be given to the right one."""

    editable = ("camera", "keep")
    list_display: tuple[Any, ...] = ("small", "id", "camera_link", "received_at", "size", "kept")
    list_display_links = ("small", "id")
    list_filter: ClassVar[tuple[Any, ...]] = (CameraFilter, ("received_at", DaysFilter), KeptFilter, ProblemFilter)
    date_hierarchy = "received_at"
    autocomplete_fields = ("camera",)
    found_by = ("message_id", "id", "^path")
    orderings = {"problem": ("-problem", "-id")}
    search_help_text = (
        "The number of an image, a message id, a file’s name, or the beginning of its path (images/2026-…)."
    )
    extra_fields: ClassVar[tuple[str, ...]] = ("large",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Image]:
        """With cameras, read for the rows of the page only: a join may read all images first."""
        return super().get_queryset(request).prefetch_related("camera__node")

    def get_form(self, request: HttpRequest, obj: Image | None = None, change: bool = False, **kwargs: Any) -> Any:
        """The form, without the shortcuts beside the camera that add or delete one."""
        form = super().get_form(request, obj, change, **kwargs)
        if "camera" in form.base_fields:
            widget = form.base_fields["camera"].widget
            widget.can_add_related = widget.can_delete_related = False
        return form

    def save_model(self, request: HttpRequest, obj: Image, form: Any, change: bool) -> None:
        """Save; an image of another camera goes from the visit in front of this one to that in front of the other."""
        left = obj.visit
        if "camera" in form.changed_data:
            obj.visit = None
        super().save_model(request, obj, form, change)
        if "camera" in form.changed_data:
            visits.join_visits(obj.camera, [obj])
            visits.tidy([left] if left else [])

    @admin.display(description="picture")
    def small(self, image: Image) -> str:
        """The thumbnail."""
        return thumbnail(image.pk)

    @admin.display(description="picture")
    def large(self, image: Image) -> str:
        """The picture."""
        return picture(image)

    @admin.display(description="camera")
    def camera_link(self, image: Image) -> str:
        """A link to the camera."""
        return row_link(image.camera)

    @admin.display(description="size")
    def size(self, image: Image) -> str:
        """Pixels and bytes, or why there are none."""
        return image.problem or f"{image.width} × {image.height}, {image.bytes / 1024:,.0f} KiB"

    @admin.display(description="kept")
    def kept(self, image: Image) -> str:
        """Said only of those that are; a cross beside all others would look like a fault."""
        return "kept" if image.keep else ""


@admin.register(Event)
class EventAdmin(MachineDataAdmin[Event]):
    """What nodes reported."""

    list_display = ("at", "node_link", "camera_link", "kind", "value", "roi")
    list_filter = (("at", DaysFilter), CameraFilter, EventKindFilter)
    date_hierarchy = "at"
    found_by = ("message_id", "kind")
    search_help_text = "A kind (motion, Temp…) as a whole, or a message id."
    orderings = {"node": ("kind", "-at", "-id")}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Event]:
        """With nodes and cameras, read for the rows of the page only."""
        return super().get_queryset(request).prefetch_related("node", "camera__node")

    @admin.display(description="node")
    def node_link(self, event: Event) -> str:
        """A link to the node."""
        return row_link(event.node)

    @admin.display(description="camera")
    def camera_link(self, event: Event) -> str:
        """A link to the camera, where it has one."""
        return row_link(event.camera)


@admin.register(Visit)
class VisitAdmin(MachineDataAdmin[Visit]):
    """Passes in front of a camera."""

    list_display = ("started_at", "camera_link", "ended_at", "closed_at")
    list_filter = (("started_at", DaysFilter), CameraFilter)
    date_hierarchy = "started_at"
    extra_fields = ("pictures",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Visit]:
        """With cameras, read for the rows of the page only."""
        return super().get_queryset(request).prefetch_related("camera__node")

    @admin.display(description="camera")
    def camera_link(self, visit: Visit) -> str:
        """A link to the camera."""
        return row_link(visit.camera)

    @admin.display(description="images")
    def pictures(self, visit: Visit) -> str:
        """A strip of thumbnails."""
        return thumbnails(visit.images.order_by("id")[:MOST_SHOWN])


@admin.register(Tombstone)
class TombstoneAdmin(MachineDataAdmin[Tombstone]):
    """What was purged."""

    list_display = ("purged_at", "path", "message_id")
    list_filter = (("purged_at", DaysFilter),)
    date_hierarchy = "purged_at"
    found_by = ("message_id", "^path")
    search_help_text = "A message id, a file’s name, or the beginning of its path."
    ordering = ("-purged_at", "-id")


@admin.register(Purge)
class PurgeAdmin(MachineDataAdmin[Purge]):
    """What retention removed, and what it refused to."""

    list_display = ("at", "why", "images", "bytes", "events", "visits", "refused", "over_at", "text")
    list_filter = ("refused", ("at", DaysFilter))
    date_hierarchy = "at"
    ordering = ("-at", "-id")


@admin.register(Removal)
class RemovalAdmin(MachineDataAdmin[Removal]):
    """Files that a purge is about to remove; none stay here, unless it was killed and did not run again."""

    list_display = ("at", "__str__")
    ordering = ("-id",)


@admin.register(ChangedHour)
class ChangedHourAdmin(MachineDataAdmin[ChangedHour]):
    """Hours that wait to be counted anew; usually none for longer than a minute."""

    list_display = ("at", "camera_id")
    ordering = ("-id",)
