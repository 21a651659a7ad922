"""The log of events, and the latest of every camera and sensor."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from cameras.models import Camera, Event, Node
from web.asked import any_filter, asked_row, camera_choices, choices, words
from web.choices import Tab
from web.days import asked_day, day_range
from web.keyset import read_page
from web.latest import known_kinds, latest_events, latest_readings

PAGE_SIZE = 50
FILTERS = ("camera", "node", "kind", "day")
MOST_KIND = 64


@require_safe
@cache_control(private=True)
def events(request: HttpRequest) -> HttpResponse:
    """Everything that nodes reported, newest first; filters for camera, node, kind and day."""
    cameras = list(Camera.objects.visible_to(request.user).select_related("node"))
    nodes = list(Node.objects.visible_to(request.user))
    camera, node = asked_row(request, "camera", cameras), asked_row(request, "node", nodes)
    kind = request.GET.get("kind", "")[:MOST_KIND]
    found = narrowed(Event.objects.visible_to(request.user), request, camera, node, kind)
    context = {
        "tabs": tabs("web:events"),
        "page": read_page(request, found.select_related("node", "camera__node"), "at", PAGE_SIZE),
        "cameras": camera_choices(cameras, camera),
        "nodes": choices(nodes, node),
        "kinds": words(known_kinds(request.user), kind),
        "day": request.GET.get("day", ""),
        "today": timezone.localdate().isoformat(),
        "filtered": any_filter(request, *FILTERS),
    }
    return render(request, "web/pages/events.html", context)


def narrowed(
    events: QuerySet[Event], request: HttpRequest, camera: Camera | None, node: Node | None, kind: str
) -> QuerySet[Event]:
    """Those events that the filters leave."""
    if camera:
        events = events.filter(camera=camera)
    if node:
        events = events.filter(node=node)
    if kind:
        events = events.filter(kind=kind)
    if day := asked_day(request):
        begins, ends = day_range(day)
        events = events.filter(at__gte=begins, at__lt=ends)
    return events


@require_safe
@cache_control(private=True)
def latest(request: HttpRequest) -> HttpResponse:
    """The newest event of every camera in use, and the newest reading of every sensor."""
    cameras = Camera.objects.visible_to(request.user).filter(retired_at=None).select_related("node")
    nodes = Node.objects.visible_to(request.user)
    newest, readings = latest_events(cameras), latest_readings(nodes, request.user)
    context = {
        "tabs": tabs("web:events_latest"),
        "cameras": [(camera, newest.get(camera.pk)) for camera in cameras],
        "sensors": [(node, readings[node.pk]) for node in nodes if node.pk in readings],
    }
    return render(request, "web/pages/events_latest.html", context)


def tabs(here: str) -> list[Tab]:
    """The two views of events."""
    names = {"web:events": "Log", "web:events_latest": "Latest of each"}
    return [Tab(reverse(name), text, current=name == here) for name, text in names.items()]
