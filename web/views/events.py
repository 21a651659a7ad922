"""The log of events, and the latest of every camera and sensor."""

from __future__ import annotations

from datetime import date

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
from web.event_search import MOST_WORDS, search
from web.latest import known_kinds, latest_events, latest_readings

PAGE_SIZE = 50
FILTERS = ("camera", "node", "kind", "day", "from", "to", "q")
MOST_KIND = 64


@require_safe
@cache_control(private=True)
def events(request: HttpRequest) -> HttpResponse:
    """Everything that nodes reported, newest first; filters for camera, node, kind, days, and words of the message."""
    cameras = list(Camera.objects.visible_to(request.user).select_related("node"))
    nodes = list(Node.objects.visible_to(request.user))
    camera, node = asked_row(request, "camera", cameras), asked_row(request, "node", nodes)
    kind = request.GET.get("kind", "")[:MOST_KIND]
    found = narrowed(Event.objects.visible_to(request.user), request, camera, node, kind)
    searched = search(request, found.select_related("node", "camera__node"), PAGE_SIZE)
    context = {
        "tabs": tabs("web:events"),
        "page": searched.page,
        "reached": searched.reached,
        "cameras": camera_choices(cameras, camera),
        "nodes": choices(nodes, node),
        "kinds": words(known_kinds(request.user), kind),
        "first": request.GET.get("from") or request.GET.get("day", ""),
        "last": request.GET.get("to") or request.GET.get("day", ""),
        "turned": turned(request),
        "q": request.GET.get("q", "")[:MOST_WORDS],
        "today": timezone.localdate().isoformat(),
        "filtered": any_filter(request, *FILTERS),
    }
    return render(request, "web/pages/events.html", context)


def narrowed(
    events: QuerySet[Event], request: HttpRequest, camera: Camera | None, node: Node | None, kind: str
) -> QuerySet[Event]:
    """Those events that the filters leave, whatever their words."""
    if camera:
        events = events.filter(camera=camera)
    if node:
        events = events.filter(node=node)
    if kind:
        events = events.filter(kind=kind)
    first, last = asked_days(request)
    if first:
        events = events.filter(at__gte=day_range(first)[0])
    if last:
        events = events.filter(at__lt=day_range(last)[1])
    return events


def asked_days(request: HttpRequest) -> tuple[date | None, date | None]:
    """The first and the last day that the address names: `from` and `to`, or `day` alone."""
    day = asked_day(request)
    return asked_day(request, "from") or day, asked_day(request, "to") or day


def turned(request: HttpRequest) -> bool:
    """Whether the first day is after the last one."""
    first, last = asked_days(request)
    return bool(first and last and first > last)


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
    """The views of events."""
    names = {"web:events": "Log", "web:event_timeline": "Timeline", "web:events_latest": "Latest of each"}
    return [Tab(reverse(name), text, current=name == here) for name, text in names.items()]
