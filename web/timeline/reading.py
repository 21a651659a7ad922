"""What happened step by step: few queries, each counted by the database."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.core.cache import cache
from django.db.models import Count, Max, Min, QuerySet, Sum
from django.utils import timezone

from accounts.models import Person
from cameras.days import midnight
from cameras.models import Camera, Event, Image, Node, Visit
from rollups.models import TrafficHour
from web.latest import newest_reading, sees_all
from web.timeline.seen import Row, Seen, Series
from web.timeline.steps import within
from web.timeline.stretch import Stretch

RESTART = "Restart"
SILENT, BACK = "silent", "back"
NOTED = (SILENT, BACK)
"""What the hub itself notes of a node, which the node did not say."""
DIRECT_DAYS = 3
"""Pictures and visits of longer stretches are read from what was counted by the hour."""
KEPT_SECONDS = 300
"""So long counts of days that are over are kept; only pictures that came late or were deleted change them."""
Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks for what; cameras and nodes are those to show, all of which the person may see."""

    user: Person
    stretch: Stretch
    cameras: Sequence[Camera]
    nodes: Sequence[Node]
    narrowed: bool
    """Whether they were chosen among those that the person may see."""


def read(asked: Asked) -> Seen:
    """All of it: three queries, or five where days that are over are counted anew, which are kept for minutes."""
    stretch = asked.stretch
    if stretch.days <= DIRECT_DAYS:
        return gathered(asked, Seen(stretch.steps), (stretch.begins, stretch.ends))
    today = min(max(midnight(timezone.localdate()), stretch.begins), stretch.ends)
    seen = past(asked, (stretch.begins, today))
    return gathered(asked, seen, (today, stretch.ends)) if today < stretch.ends else seen


def past(asked: Asked, span: Span) -> Seen:
    """What is of days that are over, as it was counted at most `KEPT_SECONDS` ago for who may see the same."""
    who = "all" if sees_all(asked.user) else f"person {asked.user.pk}"
    cameras, nodes = ([one.pk for one in rows] for rows in (asked.cameras, asked.nodes))
    told = f"{who} {asked.narrowed} {cameras} {nodes} {span} {asked.stretch.step}"
    key = f"timeline-{sha256(told.encode()).hexdigest()}"
    kept: Seen | None = cache.get(key)
    if kept is None:
        kept = gathered(asked, Seen(asked.stretch.steps), span)
        cache.set(key, kept, KEPT_SECONDS)
    return kept


def gathered(asked: Asked, seen: Seen, span: Span) -> Seen:
    """Take in what is of a part of the stretch."""
    read_pictures(asked, seen, span)
    nodes, cameras = {node.pk for node in asked.nodes}, {camera.pk for camera in asked.cameras}
    for row in events(asked, span):
        if row.node in nodes and (row.camera is None or row.camera in cameras):
            take(seen, row)
    return seen


def take(seen: Seen, row: Row) -> None:
    """Count a row of events where it belongs: readings of sensors, what the hub noted, or what was reported."""
    if row.camera is None and row.kind in NOTED:
        return seen.add(seen.noted, (row.node, row.kind), row.step, row.n)
    seen.add(seen.heard, row.node, row.step, row.n)
    if row.readings:
        seen.sensors.setdefault((row.node, row.kind, row.unit), Series(seen.steps)).add(row)
    elif row.camera:
        seen.add(seen.events, (row.camera, row.kind), row.step, row.n)
    elif row.kind == RESTART:
        seen.add(seen.restarts, row.node, row.step, row.n)
    return None


def events(asked: Asked, span: Span) -> Iterable[Row]:
    """Events by step, node, camera, kind and unit, with what their readings were."""
    found = Event.objects.visible_to(asked.user)
    if asked.narrowed:
        found = found.filter(node__in=[one.pk for one in asked.nodes])
    rows = within(found, "at", asked.stretch, *span).values("step", "node", "camera", "kind", "unit")
    values = {"sum": Sum("number"), "low": Min("number"), "high": Max("number")}
    return map(Row._make, rows.annotate(n=Count("pk"), readings=Count("number"), **values).values_list(*Row._fields))


def read_pictures(asked: Asked, seen: Seen, span: Span) -> None:
    """Pictures and visits by step and camera."""
    if asked.stretch.days > DIRECT_DAYS:
        rows = within(of_cameras(asked, TrafficHour.objects.all()), "at", asked.stretch, *span).values("step", "camera")
        sums = rows.annotate(images_n=Sum("images"), visits_n=Sum("visits"))
        known = list(sums.values_list("step", "camera", "images_n", "visits_n"))
    else:
        images = counted(asked, Image.objects.all(), "received_at", span)
        visits = counted(asked, Visit.objects.all(), "started_at", span)
        known = [(*row, 0) for row in images] + [(step, camera, 0, n) for step, camera, n in visits]
    nodes = {camera.pk: camera.node_id for camera in asked.cameras}
    for step, camera, pictures, begun in known:
        if camera in nodes:
            seen.add(seen.pictures, camera, step, pictures)
            seen.add(seen.visits, camera, step, begun)
            seen.add(seen.heard, nodes[camera], step, pictures)


def counted(asked: Asked, rows: QuerySet[Any, Any], field: str, span: Span) -> Iterable[tuple[int, int, int]]:
    """How many rows there are, by step and camera."""
    found = within(of_cameras(asked, rows), field, asked.stretch, *span).values("step", "camera")
    by_camera: Iterable[tuple[int, int, int]] = found.annotate(n=Count("pk")).values_list("step", "camera", "n")
    return by_camera


def of_cameras(asked: Asked, rows: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
    """Rows of the cameras to show; all where these are all."""
    if sees_all(asked.user) and not asked.narrowed:
        return rows
    return rows.filter(camera__in=[one.pk for one in asked.cameras])


def latest(asked: Asked, seen: Seen) -> dict[tuple[int, str, str], Event]:
    """What each sensor said last, by its node's number, kind and unit. Two queries."""
    names = sorted({kind for _, kind, _ in seen.sensors})
    nodes = Node.objects.filter(pk__in={node for node, _, _ in seen.sensors}).order_by()
    columns = [newest_reading(kind, at__gte=asked.stretch.begins, at__lt=asked.stretch.ends) for kind in names]
    wanted = [number for row in nodes.values_list(*columns) for number in row if number] if columns else []
    return {(one.node_id, one.kind, one.unit): one for one in Event.objects.filter(pk__in=wanted)}
