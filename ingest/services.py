"""From the outbox's records to rows of the index."""

from __future__ import annotations

import hashlib
import logging
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

import counting
import environment
from cameras.models import Camera, Event, Image, Tombstone
from cameras.records import EventRecord, ImageRecord
from cameras.services import camera_for, save_event, save_image
from detections.picture import Picture, UnreadablePicture
from ingest import pipeline, telling
from ingest.thumbnails import write_thumbnail

log = logging.getLogger(__name__)


def register(record: ImageRecord, camera: Camera | None = None) -> Image | None:
    """Index a stored picture, make its thumbnail, and start its stages; again with the same result.

    None where the picture was purged. Raises `FileNotFoundError` where the folder of images is not there.
    """
    image = indexed(record)
    if image:  # it came twice; start what a crash may have kept from being started
        pipeline.start_new(image)
        return image
    if Tombstone.objects.filter(message_id=record["id"]).exists():
        log.info("image %s was purged and stays away", record["id"])
        return None
    picture, facts = look_at(Path(settings.DATA_DIR) / record["path"])
    with transaction.atomic():
        image, created = save_image(record, camera or camera_for(record["node"], record["view"]), facts)
        if created:
            pipeline.plan(image)
    if created and camera is None:  # what a sweep found was received long ago
        counting.DELAY.labels("indexing").observe(max(0.0, (timezone.now() - image.received_at).total_seconds()))
    # After the row: a picture that hangs or kills its decoder must not come again as one that nobody knows.
    if picture:
        make_thumbnail(picture, image)
    pipeline.start_new(image)
    return image


def indexed(record: ImageRecord) -> Image | None:
    """The row of a message, or of its file where the folder's sweep was faster; that row becomes the message's."""
    image = Image.objects.filter(message_id=record["id"]).first()
    if image is None:
        image = Image.objects.filter(path=record["path"]).first()
        if image:
            Image.objects.filter(pk=image.pk).update(message_id=record["id"])
    return image


def look_at(file: Path) -> tuple[Picture | None, dict[str, int | str | bytes]]:
    """A picture, not decoded, and the facts for its row; one that is missing or no picture is named as a problem.

    Raises `FileNotFoundError` where the whole folder is missing, as when a disk is not mounted.
    """
    facts: dict[str, int | str | bytes] = {"bytes": 0, "width": 0, "height": 0, "problem": ""}
    try:
        facts["bytes"] = file.stat().st_size
        picture = Picture.read(file)
    except (FileNotFoundError, UnreadablePicture) as problem:
        if not environment.current().images_dir.is_dir():
            raise
        log.error("%s is not readable: %s", file, problem)
        return None, facts | {"problem": str(problem)[:200]}
    digest = hashlib.sha256(picture.data).digest()
    return picture, facts | {"width": picture.width, "height": picture.height, "sha256": digest}


def make_thumbnail(picture: Picture, image: Image) -> None:
    """Write the small copy; where that fails the picture goes on without one."""
    try:
        write_thumbnail(picture, image.thumbnail)
    except (OSError, UnreadablePicture) as problem:
        log.error("image %s has no thumbnail: %s", image.pk, problem)
        Image.objects.filter(pk=image.pk).update(problem=str(problem)[:200])


def record_event(record: EventRecord) -> Event | None:
    """Index an event; again with the same result. None where it was purged."""
    if Tombstone.objects.filter(message_id=record["id"]).exists():
        return None
    event = save_event(record)[0]
    telling.reported(event)
    return event
