"""Pictures removed: tombstones and rows first, then the files.

The transaction that removes the rows leaves a `Removal`, which names the files until they are gone: who is killed in
between has the next purge go on with them. The tombstones keep the sweep from registering them anew meanwhile.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

import environment
from cameras.changes import note_images
from cameras.models import Image, Removal, Tombstone, Visit
from cameras.visits import tidy
from ingest.unlinking import remove_pictures
from plates.models import PlateReading, Sighting
from plates.removing import remove_bare_plates, remove_readings

TOMBSTONE_DAYS = 30
"""Long after the outbox has forgotten the message (two days)."""
TOMBSTONES_AT_ONCE = 4000


def delete_images(numbers: Collection[int]) -> int:
    """Delete images because a person said so, kept ones too; how many. Their visits get shorter, or go."""
    with transaction.atomic():
        rows = list(Image.objects.select_for_update().filter(pk__in=numbers).order_by("pk"))
        left = list(Visit.objects.filter(pk__in={row.visit_id for row in rows if row.visit_id}))
        seen = Sighting.objects.filter(visit__in=left).exclude(plate=None)
        plates = {number for number in seen.values_list("plate", flat=True) if number}
        removal = remove_rows(rows)
    remove_files(removal)
    tidy(left)
    with transaction.atomic():
        remove_bare_plates(plates)
    return len(rows)


def remove_rows(images: Sequence[Image]) -> Removal:
    """Leave tombstones and remove the rows of images, and plates that were known by them alone, in a transaction.

    Returns what is to be given to `remove_files` once it is committed.
    """
    stones = [Tombstone(message_id=image.message_id, path=image.path) for image in images]
    Tombstone.objects.bulk_create(stones, ignore_conflicts=True)
    removal = Removal.objects.create(paths=[image.path for image in images])
    remove_readings(PlateReading.objects.filter(image__in=images))
    note_images(images)
    Image.objects.filter(pk__in=[image.pk for image in images]).delete()
    return removal


def remove_files(removal: Removal) -> None:
    """Remove the pictures whose rows are gone, and their smaller copies."""
    remove_pictures(environment.current().data_dir, removal.paths)
    removal.delete()


def finish_removals() -> None:
    """Remove the files that somebody left who was killed. Two who do it at once do no harm."""
    for removal in Removal.objects.all():
        remove_files(removal)


def forget_tombstones() -> None:
    """Remove old tombstones whose file is gone; one whose file could not be removed still keeps it away."""
    old = Tombstone.objects.filter(purged_at__lt=timezone.now() - timedelta(days=TOMBSTONE_DAYS))
    root = environment.current().data_dir
    gone = [stone.pk for stone in old[:TOMBSTONES_AT_ONCE] if not stone.path or not (root / stone.path).exists()]
    Tombstone.objects.filter(pk__in=gone).delete()
