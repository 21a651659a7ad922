"""Writes of nodes, cameras, images and events."""

from __future__ import annotations

import logging
import re
import uuid
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet

from cameras.changes import note
from cameras.models import Camera, CameraAlias, Event, Image, Node
from cameras.records import EventRecord, ImageRecord
from cameras.visits import visit_at

log = logging.getLogger(__name__)

MOST_FACT = 64
"""Characters of each thing that a node tells of itself."""
MOST_HOURS = 500_000
"""A computer that runs for longer is wrong about it."""
UNIDENTIFIED = "unidentified"
"""The node of files that no known camera's name begins."""


def standing_cameras() -> QuerySet[Camera]:
    """All cameras with their nodes, but for those that were merged into another and whose rows are on their way."""
    merged = CameraAlias.objects.filter(node=OuterRef("node"), view=OuterRef("view"))
    return Camera.objects.select_related("node").filter(~Exists(merged))


def known_camera(node_name: str, view: str) -> Camera | None:
    """The camera of a node's view under its present name or an earlier one; None where there never was one."""
    at_nodes = Node.objects.filter(name=node_name) | Node.objects.filter(aliases__name=node_name)
    camera = standing_cameras().filter(node__in=at_nodes, view=view).first()
    alias = CameraAlias.objects.select_related("camera__node").filter(node__in=at_nodes, view=view).first()
    return camera or (alias.camera if alias else None)


def camera_for(node_name: str, view: str) -> Camera:
    """The camera of a node's view, under whatever name it goes today.

    Node and camera are made on first sight with the models' sensible settings.
    """
    camera = standing_cameras().filter(node__name=node_name, view=view).first()
    if camera is not None:
        return camera
    node = node_for(node_name)
    alias = CameraAlias.objects.select_related("camera__node").filter(node=node, view=view).first()
    if alias is not None:
        return alias.camera
    return Camera.objects.select_related("node").get_or_create(node=node, view=view)[0]


def node_for(name: str) -> Node:
    """The node of that name, be it an earlier one; made on first sight."""
    # In this order: a rename between the two looks leaves nothing to be found by the first and all by the second.
    node = Node.objects.filter(name=name).first() or Node.objects.filter(aliases__name=name).first()
    return node or Node.objects.get_or_create(name=name)[0]


def save_image(record: ImageRecord, camera: Camera, facts: Mapping[str, int | str | bytes]) -> tuple[Image, bool]:
    """The row of a stored JPEG and whether it is new; `facts` are bytes, width, height, sha256 and problem.

    Call it in a transaction: until its end the camera's row is locked, see `cameras/visits.py`.
    """
    at = datetime.fromisoformat(record["received_at"])
    known = {"camera": camera, "visit": visit_at(camera, at), "path": record["path"], "received_at": at}
    image, created = Image.objects.get_or_create(message_id=uuid.UUID(record["id"]), defaults={**known, **facts})
    if created:
        note(camera.pk, at)
        bring_back(camera, at)
    return image, created


def bring_back(camera: Camera, at: datetime) -> None:
    """Show a retired camera again, since something came from it at that time; not if that was before it retired."""
    if camera.retired_at and at > camera.retired_at:
        Camera.objects.filter(pk=camera.pk).update(retired_at=None)
        camera.retired_at = None
        log.info("camera %s was retired and sends again: it is shown again", camera)


def save_event(record: EventRecord) -> tuple[Event, bool]:
    """The row of what a node reported and whether it is new. A restart also updates the node's facts."""
    camera = camera_for(record["node"], record["view"]) if record["view"] else None
    node = camera.node if camera else node_for(record["node"])  # a camera that was merged may be another node's now
    at = datetime.fromisoformat(record["received_at"])
    facts = {"node": node, "camera": camera, "at": at, **event_facts(record)}
    with transaction.atomic():
        event, created = Event.objects.get_or_create(message_id=uuid.UUID(record["id"]), defaults=facts)
        if created and record["event"].lower() == "restart":
            note_restart(node, record["fields"], at)
        if created and camera:
            bring_back(camera, at)
    return event, created


def event_facts(record: EventRecord) -> dict[str, Any]:
    """What a message says, cut to what its columns hold."""
    view, fields = record["view"], record["fields"]
    value = fields[0] if fields else ""
    number, unit = (None, "") if view else reading(value)
    return {
        "kind": record["event"][:64],
        "value": value[:255],
        "number": number,
        "unit": unit,
        "roi": fields[1][:64] if view and len(fields) > 1 else "",
        "text": record["text"][:1024],
    }


def reading(value: str) -> tuple[float | None, str]:
    """The number and the unit of a sensor's value: `"21.5 C"` is 21.5 and C; other texts have no number."""
    match = re.fullmatch(r"(-?\d{1,12}(?:\.\d{1,12})?)\s*(\S{0,16})", value.strip())
    return (float(match[1]), match[2]) if match else (None, "")


def note_restart(node: Node, fields: list[str], at: datetime) -> None:
    """Keep what a node says when it starts: hostname, system, address, RAM, hours since boot."""
    names = ("hostname", "system", "ip", "ram")
    facts = {name: value[:MOST_FACT] for name, value in zip(names, fields, strict=False)}
    Node.objects.filter(pk=node.pk).update(restarts=F("restarts") + 1)
    newer = Node.objects.filter(pk=node.pk).exclude(last_restart_at__gte=at)  # messages may come in another order
    newer.update(last_restart_at=at, booted_at=booted_at(fields, at), **facts)


def booted_at(fields: list[str], at: datetime) -> datetime | None:
    """When a node's computer was switched on, by the hours since then that a restart tells; None if it does not."""
    try:
        hours = float(fields[4])
    except (IndexError, ValueError):
        return None
    return at - timedelta(hours=hours) if 0 <= hours < MOST_HOURS else None


def camera_by_file_name(name: str) -> Camera:
    """The camera whose `Node-View-` a file's name starts with, longest first; else the camera of `unidentified`.

    Files keep the names that they got, so the earlier names of nodes and cameras count too.
    """
    prefixes = {file_prefix(node, view): camera for node, view, camera in names()}
    for prefix in sorted(prefixes, key=len, reverse=True):
        if name.startswith(prefix):
            return prefixes[prefix]
    return camera_for(UNIDENTIFIED, "")


def names() -> Iterator[tuple[str, str, Camera]]:
    """Node and view of every name that a camera has or had, the present ones last, so that they win."""
    merged = CameraAlias.objects.select_related("node", "camera__node").prefetch_related("node__aliases")
    standing = standing_cameras().exclude(node__name=UNIDENTIFIED).prefetch_related("node__aliases")
    known = [*((one.node, one.view, one.camera) for one in merged), *((one.node, one.view, one) for one in standing)]
    for node, view, camera in known:
        yield from ((alias.name, view, camera) for alias in node.aliases.all())
    for node, view, camera in known:
        yield node.name, view, camera


def file_prefix(node: str, view: str) -> str:
    """What the names of a camera's files start with: blanks become `-`, as imagehub wrote them."""
    return f"{node} {view}".strip().replace(" ", "-") + "-"
