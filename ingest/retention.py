"""Removing what is older than RETENTION_DAYS: a tombstone first, then the files, then the rows."""

from __future__ import annotations

import logging
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

import environment
from cameras.models import Event, Image, Tombstone

log = logging.getLogger(__name__)

BATCH = 200
BATCHES_A_SLICE = 20
TOMBSTONE_DAYS = 30
"""Long after the outbox has forgotten the message (two days) and the file is gone."""


def purge_slice() -> bool:
    """Remove some of what is too old; whether more is left. Kept pictures stay. Safe to kill and run again."""
    days = environment.current().retention_days
    Tombstone.objects.filter(purged_at__lt=timezone.now() - timedelta(days=TOMBSTONE_DAYS)).delete()
    if not days:
        return False
    for _ in range(BATCHES_A_SLICE):
        images, events = purge_images(days), purge_events(days)
        if not images and not events:
            return False
        log.info("purged %d images and %d events older than %d days", images, events, days)
    return True


def purge_images(days: int) -> int:
    """Remove one batch of images older than so many days; how many."""
    cutoff = timezone.now() - timedelta(days=days)
    batch = list(Image.objects.filter(keep=False, received_at__lt=cutoff).order_by("received_at")[:BATCH])
    Tombstone.objects.bulk_create(
        [Tombstone(message_id=image.message_id, path=image.path) for image in batch], ignore_conflicts=True
    )
    for image in batch:
        remove_file(image.file)
        remove_file(image.thumbnail)
    Image.objects.filter(pk__in=[image.pk for image in batch]).delete()
    return len(batch)


def purge_events(days: int) -> int:
    """Remove one batch of events older than so many days; how many."""
    cutoff = timezone.now() - timedelta(days=days)
    batch = list(Event.objects.filter(at__lt=cutoff).order_by("at").values_list("pk", "message_id")[:BATCH])
    Tombstone.objects.bulk_create([Tombstone(message_id=message) for _, message in batch], ignore_conflicts=True)
    Event.objects.filter(pk__in=[pk for pk, _ in batch]).delete()
    return len(batch)


def remove_file(file: Path) -> None:
    """Remove a file of ours; one that a link would lead out of the data folder is left alone and reported."""
    root = Path(settings.DATA_DIR).resolve()
    if file.is_symlink() or not file.parent.resolve().is_relative_to(root):
        log.error("%s leads out of %s and is not removed", file, root)
        return
    file.unlink(missing_ok=True)
