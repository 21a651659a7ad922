"""Cameras and the nodes that they hang on."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from cameras.models import Camera, Event, Image, Node
from ingest.liveness import in_words, limit
from web.camera_settings import settings_of, summary
from web.cards import card, for_cards
from web.cloud import cloud_today
from web.keyset import fetched
from web.latest import latest_readings, sees_all, with_latest_image, with_pictures_today
from web.receivers import receivers
from web.views.home import first_hub

MOST_PICTURES = 12
MOST_EVENTS = 12


@require_safe
@cache_control(private=True)
def cameras(request: HttpRequest) -> HttpResponse:
    """All cameras with their latest pictures, retired ones apart, then the nodes."""
    visible = Camera.objects.visible_to(request.user).select_related("node")
    found = list(with_pictures_today(with_latest_image(visible)))
    context = {
        "cameras": [(camera, summary(camera)) for camera in found if not camera.retired_at],
        "retired": [camera for camera in found if camera.retired_at],
        "nodes": Node.objects.visible_to(request.user),
        "receivers": receivers() if request.user.is_staff else [],
        "cloud": cloud_today() if request.user.is_staff else None,
        "hub": None if found else first_hub(request),
    }
    return render(request, "web/pages/cameras.html", context)


@require_safe
@cache_control(private=True)
def camera(request: HttpRequest, camera_id: int) -> HttpResponse:
    """One camera: its latest pictures and events, and how it is set."""
    visible = Camera.objects.visible_to(request.user).select_related("node")
    row = get_object_or_404(with_pictures_today(visible), pk=camera_id)
    images = Image.objects.visible_to(request.user).filter(camera=row).order_by("-received_at", "-pk")
    events = Event.objects.visible_to(request.user).filter(camera=row).order_by("-at", "-pk")
    context = {
        "camera": row,
        "settings": settings_of(row),
        "today": timezone.localdate(),
        "may_change": request.user.has_perm("cameras.change_camera"),
        "cards": [card(image) for image in for_cards(images)[:MOST_PICTURES]],
        "events": events.select_related("node", "camera__node")[:MOST_EVENTS],
    }
    return render(request, "web/pages/camera.html", context)


@require_safe
@cache_control(private=True)
def node(request: HttpRequest, node_id: int) -> HttpResponse:
    """One node: what it said of itself, its cameras, sensors and latest events."""
    visible = Node.objects.visible_to(request.user)
    row = get_object_or_404(visible, pk=node_id)
    cameras = Camera.objects.visible_to(request.user).filter(node=row).select_related("node")
    events = Event.objects.visible_to(request.user).filter(node=row).select_related("node", "camera__node")
    context = {
        "node": row,
        "silent_after": in_words(allowed) if (allowed := limit(row)) else "",
        "usual_gap": usual_gap(row),
        "sees_all": sees_all(request.user),
        "may_change": request.user.has_perm("cameras.change_node"),
        "cameras": with_latest_image(cameras),
        "readings": latest_readings(visible.filter(pk=row.pk), request.user).get(row.pk, []),
        "events": fetched(events, events.order_by("-at", "-pk")[:MOST_EVENTS]),
    }
    return render(request, "web/pages/node.html", context)


def usual_gap(node: Node) -> str:
    """The gap that is usual for a node, in words; nothing where it is unknown or too short to matter."""
    gap = timedelta(seconds=node.usual_gap_seconds or 0)
    return in_words(gap) if gap >= timedelta(minutes=1) else ""
