"""Writes of nodes, cameras, images and events."""

from __future__ import annotations

import re
import uuid
from datetime import datetime

from django.db import transaction
from django.db.models import F

from cameras.models import Camera, Event, Image, Node
from cameras.records import EventRecord, ImageRecord

MOST_FACT = 64
"""Characters of each thing that a node tells of itself."""
UNIDENTIFIED = "unidentified"
"""The node of files that no known camera's name begins."""


def camera_for(node_name: str, view: str) -> Camera:
    """The camera of a node's view; node and camera are made on first sight with the models' sensible settings."""
    camera = Camera.objects.select_related("node").filter(node__name=node_name, view=view).first()
    if camera is None:
        node = node_for(node_name)
        camera, _ = Camera.objects.select_related("node").get_or_create(node=node, view=view)
    return camera


def node_for(name: str) -> Node:
    """The node of that name, made on first sight."""
    return Node.objects.get_or_create(name=name)[0]


def save_image(record: ImageRecord, camera: Camera, facts: dict[str, int | str]) -> tuple[Image, bool]:
    """The row of a stored JPEG and whether it is new; `facts` are bytes, width, height and problem."""
    known = {"camera": camera, "path": record["path"], "received_at": datetime.fromisoformat(record["received_at"])}
    return Image.objects.get_or_create(message_id=uuid.UUID(record["id"]), defaults=known | facts)


def save_event(record: EventRecord) -> tuple[Event, bool]:
    """The row of what a node reported and whether it is new. A restart also updates the node's facts."""
    view, fields, kind = record["view"], record["fields"], record["event"]
    camera = camera_for(record["node"], view) if view else None
    node = camera.node if camera else node_for(record["node"])
    at = datetime.fromisoformat(record["received_at"])
    value = fields[0] if fields else ""
    number, unit = (None, "") if view else reading(value)
    facts = {
        "node": node,
        "camera": camera,
        "kind": kind[:64],
        "value": value[:255],
        "number": number,
        "unit": unit,
        "roi": fields[1][:64] if view and len(fields) > 1 else "",
        "text": record["text"][:1024],
        "at": at,
    }
    with transaction.atomic():
        event, created = Event.objects.get_or_create(message_id=uuid.UUID(record["id"]), defaults=facts)
        if created and kind.lower() == "restart":
            note_restart(node, fields, at)
    return event, created


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
    newer.update(last_restart_at=at, **facts)


def camera_by_file_name(name: str) -> Camera:
    """The camera whose `Node-View-` a file's name starts with, longest first; else the camera of `unidentified`."""
    cameras = Camera.objects.select_related("node").exclude(node__name=UNIDENTIFIED)
    prefixes = {file_prefix(camera.node.name, camera.view): camera for camera in cameras}
    for prefix in sorted(prefixes, key=len, reverse=True):
        if name.startswith(prefix):
            return prefixes[prefix]
    return camera_for(UNIDENTIFIED, "")


def file_prefix(node: str, view: str) -> str:
    """What the names of a camera's files start with: blanks become `-`, as imagehub wrote them."""
    return f"{node} {view}".strip().replace(" ", "-") + "-"
