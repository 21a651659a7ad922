"""From the outbox's records to rows of the index."""

from __future__ import annotations

import logging
from pathlib import Path

from django.conf import settings
from django.db import transaction

from cameras.models import Camera, Event, Image, Tombstone
from cameras.records import EventRecord, ImageRecord
from cameras.services import camera_for, save_event, save_image
from detections.picture import Picture, UnreadablePicture
from ingest import pipeline
from ingest.thumbnails import write_thumbnail

log = logging.getLogger(__name__)


def register(record: ImageRecord, camera: Camera | None = None) -> Image | None:
    """Index a stored picture, make its thumbnail, and start its stages; again with the same result.

    None where the picture was purged. Raises `FileNotFoundError` where its file is missing.
    """
    message_id = record["id"]
    image = Image.objects.filter(message_id=message_id).first()
    if image is None:
        if Tombstone.objects.filter(message_id=message_id).exists():
            log.info("image %s was purged and stays away", message_id)
            return None
        image = create_image(record, camera)
    pipeline.start(image.pk)
    return image


def create_image(record: ImageRecord, camera: Camera | None) -> Image:
    """The new row with its run rows and its thumbnail."""
    facts = look_at(Path(settings.DATA_DIR) / record["path"], record["path"])
    camera = camera or camera_for(record["node"], record["view"])
    with transaction.atomic():
        image, created = save_image(record, camera, facts)
        if created:
            pipeline.plan(image)
    return image


def look_at(file: Path, relative: str) -> dict[str, int | str]:
    """Size and pixels of a picture, its thumbnail written; an undecodable one is kept and its problem named."""
    facts: dict[str, int | str] = {"bytes": file.stat().st_size, "width": 0, "height": 0, "problem": ""}
    try:
        picture = Picture.read(file)
        facts |= {"width": picture.width, "height": picture.height}
        write_thumbnail(picture, Image(path=relative).thumbnail)
    except UnreadablePicture as problem:
        log.error("%s cannot be decoded: %s", relative, problem)
        facts["problem"] = str(problem)[:200]
    return facts


def record_event(record: EventRecord) -> Event | None:
    """Index an event; again with the same result. None where it was purged."""
    if Tombstone.objects.filter(message_id=record["id"]).exists():
        return None
    return save_event(record)[0]
