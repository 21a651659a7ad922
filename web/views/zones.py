"""The zones of a camera, drawn on its latest picture."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods

from cameras.models import Camera, Image, Zone
from cameras.validators import MOST_POINTS
from web.camera_settings import settings_tabs
from web.zone_forms import ZoneFormSet


@dataclass(frozen=True, slots=True)
class Shape:
    """A zone as SVG wants it, in the pixels of a picture."""

    kind: str
    points: str


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True)
def zones(request: HttpRequest, camera_id: int) -> HttpResponse:
    """All zones of a camera, for those who may change cameras."""
    camera = get_object_or_404(Camera.objects.visible_to(request.user).select_related("node"), pk=camera_id)
    if not request.user.has_perm("cameras.change_camera"):
        raise PermissionDenied
    forms = ZoneFormSet(request.POST if request.method == "POST" else None, instance=camera)
    if request.method == "POST" and forms.is_valid():
        forms.save()
        messages.success(request, "Saved. The next picture is looked at in this way.")
        return redirect("web:camera_zones", camera.pk)
    picture = latest_picture(camera)
    context = {
        "camera": camera,
        "forms": forms,
        "picture": picture,
        "shapes": [shape(zone, picture) for zone in camera.zones.all()] if picture else [],
        "tabs": settings_tabs(camera, "web:camera_zones"),
        "most_points": MOST_POINTS,
    }
    return render(request, "web/pages/zones.html", context)


def latest_picture(camera: Camera) -> Image | None:
    """The newest picture of a camera that can be shown."""
    return camera.images.filter(width__gt=0, height__gt=0).order_by("-received_at", "-pk").first()


def shape(zone: Zone, picture: Image) -> Shape:
    """What to draw for a zone where no script draws it."""
    corners = (f"{x * picture.width:.1f},{y * picture.height:.1f}" for x, y in zone.points)
    return Shape(zone.kind, " ".join(corners))
