"""The zones of cameras in the admin; they are drawn on the camera's own page."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from cameras.admin_lists import LibrarianAdmin
from cameras.admin_parts import NOTHING, link, row_link
from cameras.models import Zone


@admin.register(Zone)
class ZoneAdmin(LibrarianAdmin[Zone]):
    """Parts of pictures in which things count, or do not."""

    list_display = ("name", "camera_link", "kind", "corners")
    list_filter = ("kind",)
    list_select_related = ("camera__node",)
    search_fields = ("name", "camera__node__name", "camera__view")
    related = ("camera__node",)
    fields = ("camera_link", "name", "kind", "drawn", "created_at")
    readonly_fields = ("camera_link", "drawn", "created_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """They are drawn on the page of a camera."""
        return False

    @admin.display(description="camera")
    def camera_link(self, zone: Zone) -> str:
        """A link to its camera."""
        return row_link(zone.camera)

    @admin.display(description="corners")
    def corners(self, zone: Zone) -> int:
        """How many it has."""
        return len(zone.points)

    @admin.display(description="shape")
    def drawn(self, zone: Zone) -> SafeString:
        """The latest picture with the zone, which leads to where it can be changed."""
        newest = zone.camera.images.filter(width__gt=0, height__gt=0).order_by("-received_at", "-id").first()
        page = reverse("web:camera_zones", args=[zone.camera_id])
        if newest is None:
            return format_html("{} {}", NOTHING, link(page, "Change it on the page of its camera"))
        points = " ".join(f"{x * newest.width:.1f},{y * newest.height:.1f}" for x, y in zone.points)
        return format_html(
            '<a class="picture" href="{}"><img src="{}" alt="{}"><svg viewBox="0 0 {} {}" aria-hidden="true">'
            '<polygon points="{}"/></svg></a>',
            *(page, reverse("web:file", args=[newest.pk]), f"{zone} on the latest picture of {zone.camera}"),
            *(newest.width, newest.height, points),
        )
