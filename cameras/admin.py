"""Nodes and cameras in the admin; what they sent is in `admin_sent.py`."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.db import transaction
from django.db.models import Exists, ManyToManyField, OuterRef, QuerySet, Subquery
from django.forms import CheckboxSelectMultiple, ModelForm
from django.http import HttpRequest
from django.urls import reverse

from cameras import admin_library  # noqa: F401  registers the library check
from cameras.admin_filters import RetiredFilter
from cameras.admin_lists import CappedPaginator, LibrarianAdmin, MachineDataAdmin, ModelAdmin
from cameras.admin_merging import Merging
from cameras.admin_parts import NOTHING, link, list_url, row_links, thumbnail, thumbnails
from cameras.admin_people import Renaming, Retiring
from cameras.admin_sent import ImageAdmin
from cameras.admin_viewers import ViewerAdmin
from cameras.admin_zones import ZoneAdmin
from cameras.models import Camera, CameraAlias, Event, Image, Node, NodeAlias, Visit
from cameras.receiver_settings import write_receiver_settings

__all__ = [
    "CappedPaginator",
    "ImageAdmin",
    "LibrarianAdmin",
    "MachineDataAdmin",
    "ModelAdmin",
    "ViewerAdmin",
    "ZoneAdmin",
]
MOST_SHOWN = 12
"""Thumbnails in the strip of a camera."""
SENT = {"Images": Image, "Events": Event, "Visits": Visit}


@admin.register(Node)
class NodeAdmin(Renaming):
    """Sending computers; how long one may be silent and how much it may send is for people to say."""

    editable = ("silent_after_minutes", "max_images_per_day", "max_images_per_minute")
    list_display = ("name", "hostname", "ip", "last_seen_at", "silent_since", "restarts", "heartbeats")
    list_filter = (("silent_since", admin.EmptyFieldListFilter),)
    search_fields = ("name", "hostname", "ip", "aliases__name")
    sortable_by = ("name", "last_seen_at", "restarts")
    actions = ("rename",)
    row_actions = ("rename",)
    extra_fields = ("cameras", "earlier_names")

    @admin.display(description="cameras")
    def cameras(self, node: Node) -> str:
        """Links to its views."""
        return row_links((one, one.view or node.name) for one in node.cameras.all())

    @admin.display(description="earlier names")
    def earlier_names(self, node: Node) -> str:
        """The names under which messages still reach it."""
        return row_links((one, one.name) for one in node.aliases.all())

    def has_delete_permission(self, request: HttpRequest, obj: Node | None = None) -> bool:
        """Only one that has nothing, as after its only camera was merged away; its name begins anew then."""
        empty = obj is None or not (obj.cameras.exists() or obj.events.exists())
        return empty and admin.ModelAdmin.has_delete_permission(self, request, obj)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Without Django's for deleting many: the page of a node that has nothing offers it."""
        return {name: action for name, action in super().get_actions(request).items() if name != "delete_selected"}

    def save_model(self, request: HttpRequest, obj: Node, form: ModelForm[Node], change: bool) -> None:
        """Save it, and tell the receiver."""
        super().save_model(request, obj, form, change)
        transaction.on_commit(write_receiver_settings)

    def row_links(self, row: Node) -> list[tuple[str, str]]:
        """What it reported."""
        return [("Events", list_url(Event, node=row.pk))]


@admin.register(NodeAlias)
class NodeAliasAdmin(MachineDataAdmin[NodeAlias]):
    """Names that nodes had; without its row, a name that is still sent makes a node anew."""

    list_display = ("name", "node", "created_at")
    list_select_related = ("node",)
    search_fields = ("name", "node__name")

    def has_delete_permission(self, request: HttpRequest, obj: NodeAlias | None = None) -> bool:
        """People made these."""
        return admin.ModelAdmin.has_delete_permission(self, request, obj)


@admin.register(CameraAlias)
class CameraAliasAdmin(MachineDataAdmin[CameraAlias]):
    """Views that were merged into cameras; without its row, a view that is still sent makes a camera anew."""

    list_display = ("__str__", "camera", "created_at")
    list_select_related = ("node", "camera__node")
    search_fields = ("node__name", "view")

    def has_delete_permission(self, request: HttpRequest, obj: CameraAlias | None = None) -> bool:
        """People made these; while the rows of the merged camera are on their way, only the alias tells where to."""
        under_way = obj is not None and Camera.objects.filter(node=obj.node, view=obj.view).exists()
        return not under_way and admin.ModelAdmin.has_delete_permission(self, request, obj)


@admin.register(Camera)
class CameraAdmin(Retiring, Merging):
    """Cameras come into being by their first message; what is done with their pictures is set here."""

    editable = (
        *("display", "detect", "labels", "min_score", "scores", "min_size", "max_size"),
        *("plates", "plate_source", "newest_first"),
        *("visit_gap", "retention_days", "retention_empty_days", "rois", "message", "viewers"),
    )
    list_display = ("newest", "__str__", "images_link", "display", "detect", "min_score", "plates", "state")
    list_display_links = ("newest", "__str__")
    list_filter = (RetiredFilter, "display", "detect", "plates", "node")
    list_select_related = ("node",)
    search_fields = ("node__name", "view", "message")
    formfield_overrides: ClassVar[Any] = {ManyToManyField: {"widget": CheckboxSelectMultiple}}
    actions = ("retire", "bring_back", "merge")
    actions_query = "?retired=all"
    extra_fields = ("newest_images", "zones", "merged_views")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Camera]:
        """With the number of each camera's newest image, and whether it is being merged into another."""
        newest = Image.objects.filter(camera=OuterRef("pk")).order_by("-received_at", "-id")
        merged = CameraAlias.objects.filter(node=OuterRef("node"), view=OuterRef("view"))
        rows = super().get_queryset(request)
        return rows.annotate(newest_id=Subquery(newest.values("pk")[:1]), is_merged=Exists(merged))

    def get_search_results(self, request: HttpRequest, queryset: QuerySet[Camera], search_term: str) -> Any:
        """Django's own search; to the form of an image, which asks by another address, none that is retired."""
        offered = (
            queryset.filter(retired_at=None).select_related("node")
            if request.path == reverse("admin:autocomplete")
            else queryset
        )
        return super().get_search_results(request, offered, search_term)

    @admin.display(description="newest")
    def newest(self, camera: Any) -> str:
        """The thumbnail of its newest image."""
        return thumbnail(camera.newest_id)

    @admin.display(description="images")
    def images_link(self, camera: Camera) -> str:
        """A link to its images."""
        return link(list_url(Image, camera=camera.pk), "images")

    @admin.display(description="state")
    def state(self, camera: Any) -> str:
        """Whether it is retired or on its way into another."""
        if camera.is_merged:
            return "being merged"
        return f"retired on {camera.retired_at:%Y-%m-%d}" if camera.retired_at else NOTHING

    @admin.display(description="newest images")
    def newest_images(self, camera: Camera) -> str:
        """A strip of thumbnails."""
        return thumbnails(camera.images.order_by("-received_at", "-id")[:MOST_SHOWN])

    @admin.display(description="zones")
    def zones(self, camera: Camera) -> str:
        """Links to them."""
        return row_links((one, f"{one} ({one.get_kind_display().lower()})") for one in camera.zones.all())

    @admin.display(description="merged into it")
    def merged_views(self, camera: Camera) -> str:
        """The cameras that became part of it."""
        return row_links((one, str(one)) for one in camera.aliases.select_related("node"))

    def offered(self, row: Camera) -> tuple[str, ...]:
        """One of the two."""
        return ("bring_back",) if row.retired_at else ("retire",)

    def row_links(self, row: Camera) -> list[tuple[str, str]]:
        """What it sent."""
        return [(name, list_url(model, camera=row.pk)) for name, model in SENT.items()]
