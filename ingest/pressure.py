"""Room on the disk: how much is missing, and which pictures go for it, in which order."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

from django.db.models import Exists, OuterRef, QuerySet, Sum

import environment
from cameras.models import Image
from plates.models import PlateList, PlateReading


def missing_bytes() -> int:
    """How many bytes have to go so that RETENTION_FREE is free and the pictures take no more than RETENTION_MOST."""
    env = environment.current()
    missing = 0
    if env.retention_free and env.images_dir.is_dir():
        missing = env.retention_free - shutil.disk_usage(env.images_dir).free
    if env.retention_most:
        used = Image.objects.aggregate(used=Sum("bytes"))["used"] or 0
        missing = max(missing, used - env.retention_most)
    return max(0, missing)


def tiers() -> Iterator[tuple[str, QuerySet[Image], bool]]:
    """Why pictures go, which, and whether these are kept ones; in this order: ordinary, of watched plates, kept."""
    watched = Exists(PlateReading.objects.filter(image=OuterRef("pk"), plate__list=PlateList.WATCH))
    yield "room on the disk", Image.objects.filter(~watched, keep=False), False
    yield "room on the disk: watched plates", Image.objects.filter(watched, keep=False), False
    yield "room on the disk: kept pictures", Image.objects.filter(keep=True), True
