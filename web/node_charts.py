"""A node's week or month as lanes of the timeline: when it was heard, and what its sensors said, with their units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone

from cameras.models import Camera, Event, Node
from web.choices import Tab
from web.latest import MOST_SENSORS, USUAL_SENSORS, newest_reading, sees_all
from web.timeline.drawing import Frame, Lane, frame
from web.timeline.lanes import node_lane, sensor_lane
from web.timeline.reading import Asked, read
from web.timeline.seen import sensors_by_node
from web.timeline.stretch import Stretch

LENGTHS = {7: "Week", 31: "Month"}
"""A day is for the timeline, which shows it with everything else."""


@dataclass(frozen=True, slots=True)
class NodeCharts:
    """What the page draws; all lanes share one axis."""

    tabs: list[Tab]
    health: Lane
    sensors: list[Lane]
    quiet: list[Event]
    """The last readings of sensors that said nothing in these days."""
    timeline: str
    frame: Frame


def node_charts(request: HttpRequest, node: Node, cameras: Sequence[Camera]) -> NodeCharts:
    """The charts for as many days as the address says (`days`, else 7); 404 where that is no choice."""
    stretch = Stretch(timezone.localdate(), asked_days(request))
    asked = Asked(request.user, stretch, cameras, [node], True)
    seen = read(asked)
    found = sensors_by_node(seen)[node.pk]
    shown = {kind for kind, _, _ in found}
    newest = newest_readings(node, shown) if sees_all(request.user) else []
    known = {(one.kind, one.unit): one for one in newest}
    here, there = reverse("web:node", args=[node.pk]), f"{reverse('web:event_timeline')}?node={node.pk}"
    return NodeCharts(
        [Tab(f"{here}?days={days}", text, current=days == stretch.days) for days, text in LENGTHS.items()],
        node_lane(node, asked, seen),
        [sensor_lane(*one, known.get(one[:2])) for one in found],
        [one for one in newest if one.kind not in shown],
        there,
        frame(stretch, f"{there}&day="),
    )


def newest_readings(node: Node, kinds: set[str]) -> list[Event]:
    """The newest of these kinds of readings, and of those that imagenode knows, whenever they came. Two queries."""
    columns = [newest_reading(kind) for kind in sorted({*USUAL_SENSORS, *kinds})[:MOST_SENSORS]]
    numbers = Node.objects.filter(pk=node.pk).values_list(*columns).get()
    return list(Event.objects.filter(pk__in=[one for one in numbers if one]).order_by("kind"))


def asked_days(request: HttpRequest) -> int:
    """How many days the address asks for."""
    text = request.GET.get("days", "7")
    if text not in {str(one) for one in LENGTHS}:
        raise Http404(f"days={text[:20]!r} is none of {', '.join(map(str, LENGTHS))}")
    return int(text)
