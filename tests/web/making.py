"""Rows for tests, as the pipeline would have made them."""

from __future__ import annotations

import html
import re
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cameras.models import Camera, Event, Image, Node, RunStatus, Visit
from cameras.services import reading
from cloud.models import CloudRun
from detections.grouping import shadowed
from detections.models import Detection, DetectionRun
from plates.models import Plate, PlateReading, RecognitionRun, Sighting

AT = datetime(2026, 5, 17, 10, 30, 15, 123456, tzinfo=UTC)
JPEG = b"\xff\xd8\xff\xe0 only its length matters here \xff\xd9"


def make_camera(node: str, view: str) -> Camera:
    row, _ = Node.objects.get_or_create(name=node)
    return Camera.objects.create(node=row, view=view)


def make_image(camera: Camera, at: datetime = AT, files: bool = True, **fields: Any) -> Image:
    """An image whose stages have not run; `files` writes the picture and its thumbnail."""
    message_id = uuid.uuid4()
    fields = {"path": f"images/2026-05-17/{message_id}.jpg", "width": 640, "height": 480, **fields}
    image = Image.objects.create(message_id=message_id, camera=camera, received_at=at, bytes=len(JPEG), **fields)
    if files:
        for path in (image.file, image.thumbnail):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(JPEG)
    DetectionRun.objects.create(image=image, queued_at=at)
    RecognitionRun.objects.create(image=image, queued_at=at)
    CloudRun.objects.create(image=image, queued_at=at, status=RunStatus.SKIPPED, reason="not for the service")
    return image


def finish(image: Image, detection: str, recognition: str = RunStatus.SKIPPED, reason: str = "") -> None:
    DetectionRun.objects.filter(image=image).update(
        status=detection, reason=reason, model="ssd", version="1f2e", duration_ms=61.4, finished_at=image.received_at
    )
    RecognitionRun.objects.filter(image=image).update(status=recognition)


def add_object(
    image: Image, label: str = "car", confidence: float = 0.9, box: tuple[float, ...] = (10, 20, 110, 220)
) -> Detection:
    x1, y1, x2, y2 = box
    made = Detection.objects.create(image=image, label=label, confidence=confidence, x1=x1, y1=y1, x2=x2, y2=y2)
    found = list(image.detections.all())
    for row, is_shadowed in zip(found, shadowed(found), strict=True):
        Detection.objects.filter(pk=row.pk).update(shadowed=is_shadowed)
    return made


def add_reading(image: Image, text: str = "KV482BT", **fields: Any) -> PlateReading:
    fields = {"raw_text": text, "confidence": 0.8, "reader": "rapidocr", **fields}
    return PlateReading.objects.create(
        image=image, text=text, x1=50, y1=60, x2=90, y2=70, at=image.received_at, **fields
    )


def make_event(camera: Camera | None = None, text: str = "", at: datetime | None = None, **fields: Any) -> Event:
    """An event of a camera, or of the node that `text` names first, as registration would have split it."""
    text = text or f"{camera}|motion|moving|"
    name, kind, *rest = text.split("|")
    node = camera.node if camera else Node.objects.get_or_create(name=name)[0]
    number, unit = (None, "") if camera else reading(rest[0] if rest else "")
    facts = {"kind": kind, "value": rest[0] if rest else "", "number": number, "unit": unit, **fields}
    roi = rest[1] if camera and len(rest) > 1 else ""
    return Event.objects.create(
        message_id=uuid.uuid4(), node=node, camera=camera, roi=roi, text=text, at=at or timezone.now(), **facts
    )


def make_plate(text: str = "KV482BT", *images: Image, confidence: float = 0.8, **fields: Any) -> Plate:
    """A plate that was read on these images."""
    plate, _ = Plate.objects.update_or_create(text=text, defaults=fields)
    for image in images:
        add_reading(image, text, plate=plate, confidence=confidence, sighting=make_sighting(image, plate))
    return plate


def make_sighting(image: Image, plate: Plate | None = None, **fields: Any) -> Sighting:
    """The vehicle of a plate in the visit of an image, which is made where there is none; again the same one."""
    if image.visit is None:
        at = image.received_at
        image.visit = Visit.objects.create(camera=image.camera, started_at=at, ended_at=at, closed_at=at, merged_at=at)
        image.save(update_fields=["visit"])
    known = Sighting.objects.filter(visit=image.visit, plate=plate).first() if plate else None
    text = {"text": plate.text, "status": "matched"} if plate else {}
    facts = {"at": image.received_at, "best_image": image, "confidence": 0.8, **text, **fields}
    return known or Sighting.objects.create(visit=image.visit, plate=plate, **facts)


def make_visit(camera: Camera, pictures: int = 1, at: datetime = AT, **fields: Any) -> Visit:
    """A visit of so many pictures, a second apart, without files."""
    ended = at + timedelta(seconds=max(pictures - 1, 0))
    visit = Visit.objects.create(camera=camera, **{"started_at": at, "ended_at": ended, **fields})
    for number in range(pictures):
        make_image(camera, at + timedelta(seconds=number), files=False, visit=visit)
    return visit


def text_of(client: Client, address: str) -> str:
    """The page at an address that answers."""
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def followed(client: Client, page: str, rel: str) -> str:
    """The page that a link of this one leads to; empty where there is no such link."""
    match = re.search(rf'rel="{rel}" href="([^"]+)"', page)
    return text_of(client, html.unescape(match[1])) if match else ""


def full_scans(client: Client, address: str) -> list[str]:
    """What of a page's queries walks over a whole large table on SQLite, other than along the order of a list."""
    with CaptureQueriesContext(connection) as asked:
        text_of(client, address)
    plans: list[str] = []
    for query in asked.captured_queries:
        if query["sql"].startswith("SELECT"):
            with connection.cursor() as cursor:
                cursor.execute("EXPLAIN QUERY PLAN " + query["sql"].replace("%", "%%"))
                plans += [row[3] for row in cursor.fetchall()]
    large = re.compile(
        r"SCAN (cameras_(image|event|visit)|detections_\w+|plates_(platereading|recognitionrun|sighting|correction))\b"
    )
    in_order = re.compile(r"USING (COVERING )?INDEX \w+_(newest|started)")
    assert plans
    return [plan for plan in plans if large.match(plan) and not in_order.search(plan)]
