"""The newest days of the folder of images against the index: files without a row are registered.

`reconcile` compares all of it, both ways.
"""

from __future__ import annotations

import logging
import re
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

from django.db import DatabaseError

import environment
from cameras.models import Image, Tombstone
from cameras.records import ImageRecord
from cameras.services import camera_by_file_name
from ingest import services
from ingest.outboxes import all_opened
from ingest.reconcile import belonging
from ingest.unlinking import remove_pictures
from receiver.outbox import Outbox

log = logging.getLogger(__name__)

SLICE_SECONDS = 20.0
MIN_AGE_SECONDS = 600
"""Younger files may still be on their way through the outbox."""
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
OUTBOX_SECONDS = 24 * 3600
"""After so long a message that an outbox holds is not waited for: its receiver may be out of use."""
STAMP = re.compile(r"(\d{4}-\d{2}-\d{2})T(\d{2})\.(\d{2})\.(\d{2})\.(\d{6})\.jpg$")
FILES = uuid.uuid5(uuid.NAMESPACE_URL, "librarian:file")
"""Namespace of the message ids of files that no message is known of: the same file gets the same id."""


def sweep_folder(newest: int = 0, from_day: str = "", after: str = "") -> tuple[str, str] | None:
    """Compare the newest so many days (0: all), newest first, for `SLICE_SECONDS`.

    Returns where to go on, the day and the last file looked at there, or None at the end.
    """
    why = belonging.problem()
    if why:
        log.error("files are not registered: %s", why)
        return None
    deadline = time.monotonic() + SLICE_SECONDS
    with all_opened() as outboxes:
        for day in days()[: newest or None]:
            if from_day and day.name > from_day:
                continue
            last = compare_day(day, outboxes, deadline, after if day.name == from_day else "")
            if last is not None:
                return day.name, last
    return None


def days() -> list[Path]:
    """The day folders, newest first; links are not followed."""
    folder = environment.current().images_dir
    found = (one for one in folder.iterdir() if DAY.fullmatch(one.name) and one.is_dir() and not one.is_symlink())
    return sorted(found, reverse=True)


def compare_day(day: Path, outboxes: list[Outbox], deadline: float, after: str = "") -> str | None:
    """Register the files of one day that the index misses, and report rows whose file is gone.

    Returns the last path looked at when the time was up before the end, else None.
    """
    files = {f"images/{day.name}/{file.name}": file for file in pictures(day)}
    rows = indexed_paths(day.name)
    for path in sorted(path for path in files.keys() - rows if path > after):
        try:
            register_file(files[path], path, outboxes)
        except (OSError, ValueError, DatabaseError):
            log.exception("%r cannot be registered", path)  # the others can
        if time.monotonic() > deadline:
            return path
    gone = {path for path in rows - files.keys() if not (environment.current().data_dir / path).exists()}
    if gone:
        log.error("%d indexed pictures of %s have no file any more, such as %s", len(gone), day.name, min(gone))
    return None


def indexed_paths(day: str) -> set[str]:
    """The paths that the index knows of a day; a range, since LIKE would not use the index on SQLite."""
    return set(
        Image.objects.filter(path__gte=f"images/{day}/", path__lt=f"images/{day}0").values_list("path", flat=True)
    )


def pictures(day: Path) -> Iterator[Path]:
    """The pictures of a day that are old enough to be missed."""
    newest = time.time() - MIN_AGE_SECONDS
    for file in day.iterdir():
        if file.suffix == ".jpg" and not file.is_symlink() and file.is_file() and file.stat().st_mtime < newest:
            yield file


def register_file(file: Path, path: str, outboxes: list[Outbox]) -> None:
    """Index a file that no row names, unless an outbox will bring it; one that was purged goes for good."""
    if Tombstone.objects.filter(path=path).exists():
        remove_pictures(environment.current().data_dir, [path])
        return
    known = next(filter(None, (outbox.find_path(path) for outbox in outboxes)), None)
    if known:
        if time.time() - file.stat().st_mtime > OUTBOX_SECONDS:
            services.register(cast(ImageRecord, known.payload))
            log.warning("%s was in an outbox for more than a day: registered", path)
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


def received_at(file: Path) -> datetime:
    """When a file arrived: its name tells in the site's local time, else its modification time.

    Of the hour that comes twice in autumn, the modification time tells which one it was.
    """
    modified = datetime.fromtimestamp(file.stat().st_mtime, UTC)
    match = STAMP.search(file.name)
    if not match:
        return modified
    day, hour, minute, second, micro = match.groups()
    try:
        local = datetime.fromisoformat(f"{day}T{hour}:{minute}:{second}.{micro}")
    except ValueError:
        log.warning("%s has an impossible time in its name", file.name)
        return modified
    zone = environment.current().zone
    times = [local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)]
    return min(times, key=lambda one: abs(one - modified))
