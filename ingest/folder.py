"""The folder of images against the index: files without a row are registered, rows without a file reported."""

from __future__ import annotations

import logging
import re
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from django.utils import timezone

import environment
from cameras.models import Image, Tombstone
from cameras.records import ImageRecord
from cameras.services import camera_by_file_name
from ingest import services
from ingest.sweep import GRACE, opened, outbox_files

log = logging.getLogger(__name__)

SLICE_SECONDS = 20.0
MIN_AGE_SECONDS = 600
"""Younger files may still be on their way through the outbox."""
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
STAMP = re.compile(r"(\d{4}-\d{2}-\d{2})T(\d{2})\.(\d{2})\.(\d{2})\.(\d{6})\.jpg$")
FILES = uuid.uuid5(uuid.NAMESPACE_URL, "librarian:file")
"""Namespace of the message ids of files that no message is known of: the same file gets the same id."""


def sweep_folder(newest: int = 0, before_day: str = "") -> str:
    """Compare the newest so many days (0: all) before `before_day`, for a while; the day to go on from, or nothing."""
    started = time.monotonic()
    for day in days(before_day)[: newest or None]:
        compare_day(day)
        if time.monotonic() - started > SLICE_SECONDS:
            return day.name
    return ""


def days(before_day: str) -> list[Path]:
    """The day folders before a day, newest first; links are not followed."""
    folder = environment.current().images_dir
    found = [one for one in folder.iterdir() if DAY.fullmatch(one.name) and one.is_dir() and not one.is_symlink()]
    return sorted((one for one in found if not before_day or one.name < before_day), reverse=True)


def compare_day(day: Path) -> None:
    """Register the files of one day that the index misses, and report rows whose file is gone."""
    files = {f"images/{day.name}/{file.name}": file for file in pictures(day)}
    rows = set(Image.objects.filter(path__startswith=f"images/{day.name}/").values_list("path", flat=True))
    for path in sorted(files.keys() - rows):
        register_file(files[path], path)
    gone = {path for path in rows - files.keys() if not (environment.current().data_dir / path).exists()}
    if gone:
        log.error("%d indexed pictures of %s have no file any more, such as %s", len(gone), day.name, min(gone))


def pictures(day: Path) -> Iterator[Path]:
    """The pictures of a day that are old enough to be missed."""
    newest = time.time() - MIN_AGE_SECONDS
    for file in day.iterdir():
        if file.suffix == ".jpg" and not file.is_symlink() and file.is_file() and file.stat().st_mtime < newest:
            yield file


def register_file(file: Path, path: str) -> None:
    """Index a file that no row names, unless it was purged or the outbox will bring it."""
    if Tombstone.objects.filter(path=path).exists() or in_outbox(path):
        return
    record: ImageRecord = {
        "id": str(uuid.uuid5(FILES, path)),
        "node": "",
        "view": "",
        "path": path,
        "bytes": file.stat().st_size,
        "received_at": received_at(file).isoformat(),
    }
    image = services.register(record, camera_by_file_name(file.name))
    log.warning("%s was not indexed: registered for camera %s", path, image and image.camera)


def in_outbox(path: str) -> bool:
    """Whether a receiver still knows the message that brought a file; one published long ago goes again."""
    for file in outbox_files():
        with opened(file) as outbox:
            record = outbox.find_path(path)
            if record is None:
                continue
            if record.published_at and record.published_at < timezone.now() - GRACE:
                outbox.republish([record.id])
            return True
    return False


def received_at(file: Path) -> datetime:
    """When a file arrived: its name tells in the site's local time, else its modification time."""
    match = STAMP.search(file.name)
    if match:
        day, hour, minute, second, micro = match.groups()
        try:
            local = datetime.fromisoformat(f"{day}T{hour}:{minute}:{second}.{micro}")
            return local.replace(tzinfo=environment.current().zone).astimezone(UTC)
        except ValueError:
            log.warning("%s has an impossible time in its name", file.name)
    return datetime.fromtimestamp(file.stat().st_mtime, UTC)
