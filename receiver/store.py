"""Durable picture files in imagehub's layout: `DATA_DIR/images/YYYY-MM-DD/Node-View-YYYY-MM-DDTHH.MM.SS.ffffff.jpg`."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from receiver.names import file_label
from receiver.spread import spread
from receiver.written import FOLDER, PART, Folder, Unnamed, Written, kind_for

log = logging.getLogger("receiver")
IMAGES = "images"
LEFTOVER_SECONDS = 60.0  # a younger one may belong to another receiver on the same folder


class Store:
    """The folder of images, for one thread."""

    def __init__(self, data_dir: Path, zone: ZoneInfo) -> None:
        self._images = data_dir / IMAGES
        self._zone = zone
        self._folder: Folder | None = None
        self._images.mkdir(parents=True, exist_ok=True)
        sync_folder(data_dir)
        spread(self._images)
        self._kind = kind_for(self._images)
        if self._kind is not Unnamed:
            log.info("the file system of %s has no files without a name: pictures have a hidden one first", data_dir)

    def open(self, node: str, view: str, at: datetime) -> Written:
        """A file for a picture received `at` (aware); raises OSError.

        Its name is that of its microsecond, or of the next one that is free.
        """
        local = at.astimezone(self._zone).replace(tzinfo=None)
        day, label = local.date().isoformat(), file_label(node, view)
        return self._kind(self._folder_of(day), names(label, local))

    def remove_leftovers(self) -> int:
        """Delete what an ended receiver was still writing, in the two newest folders; returns how many."""
        old = time.time() - LEFTOVER_SECONDS
        parts = [part for day in sorted(self._images.iterdir())[-2:] for part in day.glob(f".*{PART}")]
        removed = 0
        for part in parts:
            with suppress(FileNotFoundError):  # another receiver was quicker
                if part.stat().st_mtime < old:
                    part.unlink()
                    removed += 1
        return removed

    def _folder_of(self, day: str) -> Folder:
        if self._folder is None or self._folder.name != day or self._folder.is_gone():
            path = self._images / day
            path.mkdir(parents=True, exist_ok=True)
            sync_folder(self._images)  # whoever made it
            self._folder = Folder(path)
        return self._folder


def names(label: str, local: datetime) -> Iterator[str]:
    """What a picture may be called, by preference; all on one day."""
    day = local.date()
    while local.date() == day:
        yield f"{label}-{local.isoformat(timespec='microseconds').replace(':', '.')}.jpg"
        local += timedelta(microseconds=1)


def path_of(written: Written) -> str:
    """A committed picture's path relative to DATA_DIR, with forward slashes."""
    return f"{IMAGES}/{written.folder.name}/{written.name}"


def sync_folder(path: Path) -> None:
    """fsync a folder, so that the entries in it survive a power cut."""
    descriptor = os.open(path, FOLDER)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
