"""The timeline: visits, events, sensors and the health of nodes on one axis, with the pictures at hand."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from cameras.models import Camera, Image, Node
from web.asked import any_filter, asked_row, camera_choices, choices
from web.latest import sees_all
from web.timeline import lanes, svg
from web.timeline.drawing import frame
from web.timeline.reading import Asked, of_cameras, read
from web.timeline.seen import Seen, total
from web.timeline.stretch import (
    FILTERS,
    Stretch,
    address,
    asked_step,
    asked_stretch,
    day_address,
    kept,
    length_tabs,
    neighbours,
)
from web.views.events import tabs

MOST_PICTURES = 12


@require_safe
@cache_control(private=True)
def timeline(request: HttpRequest) -> HttpResponse:
    """Everything of some days; filters for a camera or a node."""
    every, all_nodes = visible(request)
    camera, node = asked_row(request, "camera", every), asked_row(request, "node", all_nodes)
    asked = narrowed(request, every, all_nodes, camera, node)
    seen = read(asked)
    stretch = asked.stretch
    step = asked_step(request, stretch)
    step = latest_step(seen) if step is None else step
    earlier, later = neighbours(request, stretch)
    step_address = address(request, stretch, step="")
    words = [stretch.words(number) for number in range(stretch.steps)]
    found, quiet = lanes.camera_lanes(asked, seen, camera)
    shared, overview = frame(stretch, day_address(request)), lanes.overview(asked, seen)
    context = {
        "tabs": tabs("web:event_timeline"),
        "stretch": stretch,
        "lengths": length_tabs(request, stretch),
        "cameras": camera_choices(every, camera),
        "nodes": choices(all_nodes, node),
        "camera": camera,
        "day": request.GET.get("day", ""),
        "today": timezone.localdate().isoformat(),
        "filtered": any_filter(request, *FILTERS),
        "earlier": earlier,
        "later": later,
        "now_url": address(request, Stretch(timezone.localdate(), stretch.days)),
        "step_url": step_address,
        "words": "|".join(words),
        "frame": shared,
        "overview": overview,
        "drawn": svg.overview(shared, overview, step, svg.links(step_address, steps(seen, words))),
        "step": step,
        "step_words": words[step] if step is not None else "",
        "pictures": pictures(asked, step),
        "camera_lanes": found,
        "quiet": quiet,
        "node_lanes": lanes.node_lanes(asked, seen),
        "sensors": lanes.sensor_lanes(asked, seen),
        "table": svg.rows(step_address, lanes.table(seen, words)),
        "sees_all": sees_all(request.user),
    }
    return render(request, "web/pages/timeline.html", context)


@require_safe
@cache_control(private=True)
def timeline_step(request: HttpRequest) -> JsonResponse:
    """The newest picture of a step, for the timeline's script, and the log of its days."""
    every, all_nodes = visible(request)
    camera, node = asked_row(request, "camera", every), asked_row(request, "node", all_nodes)
    asked = narrowed(request, every, all_nodes, camera, node)
    step = asked_step(request, asked.stretch)
    if step is None:
        raise Http404("step is missing: the number of a step of these days")
    found = pictures(asked, step, 1)
    return JsonResponse({"picture": facts(found[0]) if found else None, "log": log_address(request, asked, step)})


def facts(image: Image) -> dict[str, object]:
    """What the script is told of a picture; it leads to its visit, where it has one."""
    visit = image.visit_id
    return {
        "url": reverse("web:visit", args=[visit]) if visit else reverse("web:image", args=[image.pk]),
        "thumbnail": reverse("web:thumbnail", args=[image.pk]) if image.width else "",
        "title": str(image.camera),
        "time": f"{timezone.localtime(image.received_at):%H:%M:%S}",
    }


def log_address(request: HttpRequest, asked: Asked, step: int) -> str:
    """The log of the days of a step, with the same filters."""
    days = {timezone.localtime(at).date().isoformat() for at in (asked.stretch.at(step), asked.stretch.at(step + 1))}
    return f"{reverse('web:events')}?{urlencode(kept(request) | {'from': min(days), 'to': max(days)})}"


def visible(request: HttpRequest) -> tuple[list[Camera], list[Node]]:
    """The cameras and nodes of this person."""
    cameras = Camera.objects.visible_to(request.user).select_related("node")
    return list(cameras), list(Node.objects.visible_to(request.user))


def narrowed(
    request: HttpRequest, every: list[Camera], all_nodes: list[Node], camera: Camera | None, node: Node | None
) -> Asked:
    """What the filters leave: cameras in use, or the chosen one, and the nodes that belong to them."""
    cameras = [one for one in every if not one.retired_at]
    nodes = all_nodes
    if node:
        cameras, nodes = [one for one in cameras if one.node_id == node.pk], [node]
    if camera:
        cameras, nodes = [camera], [one for one in nodes if one.pk == camera.node_id]
    return Asked(request.user, asked_stretch(request), cameras, nodes, bool(camera or node))


def latest_step(seen: Seen) -> int | None:
    """The last step with a picture."""
    pictures = total(seen.pictures.values(), seen.steps)
    return next((step for step in reversed(range(seen.steps)) if pictures[step]), None)


def steps(seen: Seen, words: Sequence[str]) -> list[tuple[int, str]]:
    """Steps with pictures, and how many."""
    found = enumerate(total(seen.pictures.values(), seen.steps))
    return [(step, f"{words[step]}: {lanes.count(n, 'picture')}") for step, n in found if n]


def pictures(asked: Asked, step: int | None, most: int = MOST_PICTURES) -> list[Image]:
    """The newest pictures of a step."""
    if step is None:
        return []
    begins, ends = asked.stretch.at(step), asked.stretch.at(step + 1)
    images = of_cameras(asked, Image.objects.filter(received_at__gte=begins, received_at__lt=ends))
    return list(images.select_related("camera__node").order_by("-received_at", "-pk")[:most])
