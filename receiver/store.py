"""Durable picture files in imagehub's layout: `DATA_DIR/images/YYYY-MM-DD/Node-View-YYYY-MM-DDTHH.MM.SS.ffffff.jpg`."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from receiver import timing
from receiver.messages import Payload
from receiver.names import file_label

IMAGES = "images"
PART = ".part"
LEFTOVER_SECONDS = 60.0  # a younger one may belong to another receiver on the same folder


@dataclass(frozen=True, slots=True)
class Stored:
    """A picture file whose bytes are on disk; its name is only after `Store.sync_folders`."""

    path: str
    """Relative to DATA_DIR, with forward slashes."""
    bytes: int


class Store:
    """The folder of images. Every method may be called from several threads at once."""

    def __init__(self, data_dir: Path, zone: ZoneInfo) -> None:
        self._root = str(data_dir)
        self._images = data_dir / IMAGES
        self._zone = zone
        self._images.mkdir(parents=True, exist_ok=True)
        sync_folder(str(data_dir))

    def write(self, node: str, view: str, at: datetime, jpeg: Payload) -> Stored:
        """Write and sync a picture received `at` (aware), under a name that nothing holds yet; raises OSError.

        The name's microsecond moves on when it is taken. The entry is not durable before `sync_folders`.
        """
        local, label = at.astimezone(self._zone).replace(tzinfo=None), file_label(node, view)
        while True:
            path = f"{IMAGES}/{local:%Y-%m-%d}/{label}-{local:%Y-%m-%dT%H.%M.%S.%f}.jpg"
            if self._write_new(path, jpeg):
                return Stored(path, len(jpeg))
            local += timedelta(microseconds=1)

    def sync_folders(self, paths: Iterable[str]) -> None:
        """Make the folder entries of written pictures durable; raises OSError."""
        for folder in {path.rpartition("/")[0] for path in paths}:
            with timing.FOLDER.time():
                sync_folder(f"{self._root}/{folder}")

    def remove(self, path: str) -> None:
        """Take back a picture that was not recorded, as far as the disk lets us."""
        (Path(self._root) / path).unlink(missing_ok=True)

    def remove_leftovers(self) -> int:
        """Delete what an ended receiver was still writing, in the two newest folders; returns how many."""
        old = time.time() - LEFTOVER_SECONDS
        parts = [part for day in sorted(self._images.iterdir())[-2:] for part in day.glob(f".*{PART}")]
        stale = [part for part in parts if part.stat().st_mtime < old]
        for part in stale:
            part.unlink(missing_ok=True)
        return len(stale)

    def _write_new(self, path: str, jpeg: Payload) -> bool:
        """Whether the name was free. Whoever holds the part file alone may take its name, so none is overwritten."""
        final = f"{self._root}/{path}"
        folder, _, name = final.rpartition("/")
        part = f"{folder}/.{name}{PART}"
        try:
            descriptor = self._open_new(part, folder)
        except FileExistsError:
            return False
        try:
            taken = os.path.lexists(final)
            if not taken:
                _write_all(descriptor, jpeg)
                with timing.PICTURE.time():
                    os.fsync(descriptor)
                os.rename(part, final)  # noqa: PTH104  a Path costs more than the call
        except OSError:
            _discard(part)
            raise
        finally:
            os.close(descriptor)
        if taken:
            _discard(part)
        return not taken

    def _open_new(self, part: str, folder: str) -> int:
        flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC
        try:
            return os.open(part, flags, 0o644)
        except FileNotFoundError:
            Path(folder).mkdir(parents=True, exist_ok=True)
            sync_folder(str(self._images))
            return os.open(part, flags, 0o644)


def sync_folder(folder: str) -> None:
    """fsync a folder, so that the entries in it survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _write_all(descriptor: int, data: Payload) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def _discard(part: str) -> None:
    Path(part).unlink(missing_ok=True)
