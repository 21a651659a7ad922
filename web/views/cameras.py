"""Cameras and the nodes that they hang on."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Count, OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from accounts.models import Person
from cameras.models import Camera, CameraAlias, Event, Image, Node, Visit
from ingest import alarms
from ingest.liveness import in_words, limit
from web.camera_counts import camera_counts, moments, with_counted
from web.camera_settings import settings_of, summary
from web.cards import card, for_grid
from web.cloud import cloud_today
from web.keyset import fetched
from web.latest import sees_all, tell_pictures_today, with_latest_image
from web.node_charts import node_charts
from web.passes import duration
from web.receivers import receivers
from web.views.home import first_hub
from web.views.zones import shape

MOST_PICTURES = 12
MOST_EVENTS = 12
MOST_VISITS = 6
MOST_HEALTH = 8
HEALTH = ("Restart", "silent", "back")
"""Kinds of events that tell how a node fares: its own, and those that are noted of it."""


@require_safe
@cache_control(private=True)
def cameras(request: HttpRequest) -> HttpResponse:
    """All cameras with their latest pictures, retired ones apart, then the nodes."""
    visible = Camera.objects.visible_to(request.user).select_related("node")
    found = list(with_latest_image(visible))
    tell_pictures_today(found)
    context = {
        "cameras": [(camera, summary(camera)) for camera in found if not camera.retired_at],
        "retired": [camera for camera in found if camera.retired_at],
        "nodes": Node.objects.visible_to(request.user).exclude(name=alarms.NODE),
        "receivers": receivers() if request.user.is_staff else [],
        "cloud": cloud_today() if request.user.is_staff else None,
        "hub": None if found else first_hub(request),
    }
    return render(request, "web/pages/cameras.html", context)


@require_safe
@cache_control(private=True)
def camera(request: HttpRequest, camera_id: int) -> HttpResponse:
    """One camera: its latest picture, how it fares, what it sent lately, and how it is set."""
    at = moments()
    visible = with_counted(Camera.objects.visible_to(request.user), at)
    row = visible.select_related("node").prefetch_related("zones").filter(pk=camera_id).first()
    if row is None:
        return redirect("web:camera", moved_to(request.user, camera_id).pk)
    images = Image.objects.visible_to(request.user).filter(camera=row).order_by("-received_at", "-pk")
    events = Event.objects.visible_to(request.user).filter(camera=row).order_by("-at", "-pk")
    cards = [card(image) for image in for_grid(images)[:MOST_PICTURES]]
    latest = next((one for one in cards if one.image.width and one.image.height), None)
    context = {
        "camera": row,
        "settings": settings_of(row),
        "counts": camera_counts(row, at),
        "today": timezone.localdate(),
        "may_change": request.user.has_perm("cameras.change_camera"),
        "sees_all": sees_all(request.user),
        "cards": cards,
        "latest": latest,
        "shapes": [shape(zone, latest.image) for zone in row.zones.all()] if latest else [],
        "visits": latest_visits(row),
        "events": events.select_related("node", "camera__node")[:MOST_EVENTS],
        "silent_after": in_words(allowed) if (allowed := limit(row.node)) else "",
    }
    return render(request, "web/pages/camera.html", context)


def moved_to(user: Person, camera_id: int) -> Camera:
    """The camera that one was merged into which is gone; 404 where there never was one, or it is not to be seen."""
    alias = get_object_or_404(CameraAlias, merged_id=camera_id)
    return get_object_or_404(Camera.objects.visible_to(user), pk=alias.camera_id)


def latest_visits(camera: Camera) -> list[tuple[Visit, str]]:
    """A camera's newest visits with how many pictures each has (`pictures`), and how long they lasted."""
    pictures = Image.objects.filter(visit=OuterRef("pk")).order_by().values("visit").annotate(n=Count("pk"))
    visits = Visit.objects.filter(camera=camera).annotate(pictures=Subquery(pictures.values("n")))
    found = visits.order_by("-started_at", "-pk")[:MOST_VISITS]
    return [(one, duration(one.ended_at - one.started_at)) for one in found]


@require_safe
@cache_control(private=True)
def node(request: HttpRequest, node_id: int) -> HttpResponse:
    """One node: what it said of itself, how it fared, its cameras, sensors and latest events."""
    visible = Node.objects.visible_to(request.user)
    row = get_object_or_404(visible, pk=node_id)
    cameras = list(with_latest_image(Camera.objects.visible_to(request.user).filter(node=row).select_related("node")))
    events = Event.objects.visible_to(request.user).filter(node=row).select_related("node", "camera__node")
    newest = events.order_by("-at", "-pk")[:MOST_EVENTS]
    context = {
        "node": row,
        "up": up_for(row),
        "silent_after": in_words(allowed) if (allowed := limit(row)) else "",
        "usual_gap": usual_gap(row),
        "sees_all": sees_all(request.user),
        "may_change": request.user.has_perm("cameras.change_node"),
        "cameras": cameras,
        "charts": node_charts(request, row, cameras),
        "happened": events.filter(kind__in=HEALTH, camera=None).order_by("-at", "-pk")[:MOST_HEALTH],
        "events": newest if sees_all(request.user) else fetched(events, newest),
    }
    return render(request, "web/pages/node.html", context)


def up_for(node: Node) -> str:
    """How long a node's computer has run by its own word; nothing where that is unknown, or it is silent."""
    if node.booted_at is None or node.silent_since:
        return ""
    time = timezone.now() - node.booted_at
    return f"{time.days} day{'' if time.days == 1 else 's'}" if time.days else in_words(time)


def usual_gap(node: Node) -> str:
    """The gap that is usual for a node, in words; nothing where it is unknown or too short to matter."""
    gap = timedelta(seconds=node.usual_gap_seconds or 0)
    return in_words(gap) if gap >= timedelta(minutes=1) else ""
