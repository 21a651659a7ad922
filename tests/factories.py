"""Rows and files for tests."""

from __future__ import annotations

import uuid
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from cameras.models import Camera, Image
from cameras.records import EventRecord, ImageRecord
from cameras.services import camera_for
from ingest import pipeline
from tests.harness import DRIVES


def make_camera(node: str = "gate", view: str = "Driveway", **facts: object) -> Camera:
    """A camera with the models' settings, changed by `facts`."""
    camera = camera_for(node, view)
    for name, value in facts.items():
        setattr(camera, name, value)
    camera.save()
    return camera


def write_picture(name: str = "", data: bytes | None = None) -> str:
    """A picture in the folder of images; its path relative to DATA_DIR."""
    path = f"images/2026-11-22/{name or f'gate-Driveway-{uuid.uuid4().hex}'}.jpg"
    file = Path(settings.DATA_DIR) / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(DRIVES[0].read_bytes() if data is None else data)
    return path


def image_record(path: str = "", node: str = "gate", view: str = "Driveway") -> ImageRecord:
    """What the outbox would tell of a stored picture."""
    path = path or write_picture()
    return {
        "id": str(uuid.uuid4()),
        "node": node,
        "view": view,
        "path": path,
        "bytes": (Path(settings.DATA_DIR) / path).stat().st_size,
        "received_at": timezone.now().isoformat(),
    }


def event_record(text: str = "gate Driveway|motion|moving|") -> EventRecord:
    """What the outbox would tell of an event."""
    name, kind, *fields = text.split("|")
    node, _, view = name.partition(" ")
    return {
        "id": str(uuid.uuid4()),
        "node": node,
        "view": view,
        "event": kind,
        "fields": fields,
        "text": text,
        "received_at": timezone.now().isoformat(),
    }


def make_image(camera: Camera | None = None, received_at: datetime | None = None, **facts: Any) -> Image:
    """An indexed image with a real file and its run rows, not looked at yet."""
    image = Image.objects.create(
        message_id=uuid.uuid4(),
        camera=camera or make_camera(),
        path=facts.pop("path", "") or write_picture(),
        received_at=received_at or timezone.now(),
        **{"bytes": 1, "width": 1280, "height": 960} | facts,
    )
    pipeline.plan(image)
    return image
