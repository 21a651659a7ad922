"""Rows for tests, as the pipeline would have made them."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

from cameras.models import Camera, Image, Node, RunStatus
from detections.models import Detection, DetectionRun
from plates.models import PlateReading, RecognitionRun

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
    return Detection.objects.create(image=image, label=label, confidence=confidence, x1=x1, y1=y1, x2=x2, y2=y2)


def add_reading(image: Image, text: str = "KV482BT", **fields: Any) -> PlateReading:
    fields = {"raw_text": text, "confidence": 0.8, "reader": "rapidocr", **fields}
    return PlateReading.objects.create(
        image=image, text=text, x1=50, y1=60, x2=90, y2=70, at=image.received_at, **fields
    )
