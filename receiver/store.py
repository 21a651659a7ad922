"""Durable picture files in imagehub's layout: `DATA_DIR/images/YYYY-MM-DD/Node-View-YYYY-MM-DDTHH.MM.SS.ffffff.jpg`.

A picture is written under a hidden name, and gets its own once all of it is on disk: `write`, `commit`, `sync_folders`,
each for all pictures of a batch before the next, so that the disk has many to write at once.
"""

from __future__ import annotations

import ctypes
import os
import time
import weakref
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from receiver.messages import Payload
from receiver.names import file_label

IMAGES = "images"
PART = ".part"
LEFTOVER_SECONDS = 60.0  # a younger one may belong to another receiver on the same folder
CREATE = os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC
FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
SYNC_FILE_RANGE_WRITE = 2
"""Begin to write, do not wait (sync_file_range(2))."""


class Folder:
    """A day's folder, open for as long as somebody refers to it."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.descriptor = os.open(path, FOLDER)
        weakref.finalize(self, os.close, self.descriptor)


@dataclass(slots=True, eq=False)
class Written:
    """A picture whose bytes are written, but not yet on disk."""

    folder: Folder
    name: str
    """What it will be called in its folder."""
    descriptor: int | None
    """None once it has its name."""
    bytes: int

    @property
    def path(self) -> str:
        """Relative to DATA_DIR, with forward slashes."""
        return f"{IMAGES}/{self.folder.path.rpartition('/')[2]}/{self.name}"

    @property
    def part(self) -> str:
        """Its hidden name."""
        return f".{self.name}{PART}"


class Store:
    """The folder of images; for one thread."""

    def __init__(self, data_dir: Path, zone: ZoneInfo) -> None:
        self._images = data_dir / IMAGES
        self._zone = zone
        self._folder: Folder | None = None
        self._images.mkdir(parents=True, exist_ok=True)
        sync_folder(str(data_dir))

    def write(self, node: str, view: str, at: datetime, jpeg: Payload) -> Written:
        """Write a picture received `at` (aware), to be given a name that nothing holds yet; raises OSError.

        The name's microsecond moves on when it is taken. What is written has to be committed or discarded.
        """
        local, label = at.astimezone(self._zone).replace(tzinfo=None), file_label(node, view)
        while True:
            moment = local.isoformat(timespec="microseconds").replace(":", ".")
            written = self._begin(self._folder_of(moment[:10]), f"{label}-{moment}.jpg", len(jpeg))
            if written:
                break
            local += timedelta(microseconds=1)
        try:
            _write_all(written, jpeg)
        except OSError:
            self.discard(written)
            raise
        return written

    def commit(self, written: Written) -> None:
        """Have a picture's bytes on disk, and give it its name, which is not durable before `sync_folders`.

        Raises OSError; then it has to be discarded.
        """
        assert written.descriptor is not None  # noqa: S101  none is committed twice
        os.fsync(written.descriptor)
        folder = written.folder.descriptor
        os.rename(written.part, written.name, src_dir_fd=folder, dst_dir_fd=folder)  # noqa: PTH104  Path has no dir_fd
        os.close(written.descriptor)
        written.descriptor = None

    def sync_folders(self, pictures: Iterable[Written]) -> None:
        """Have the names of pictures on disk; raises OSError."""
        for folder in {written.folder for written in pictures}:
            os.fsync(folder.descriptor)

    def discard(self, written: Written) -> None:
        """Take back a picture, whether committed or not; raises OSError."""
        if written.descriptor is None:
            _remove(written.folder, written.name)
            return
        os.close(written.descriptor)
        _remove(written.folder, written.part)

    def remove_leftovers(self) -> int:
        """Delete what an ended receiver was still writing, in the two newest folders; returns how many."""
        old = time.time() - LEFTOVER_SECONDS
        parts = [part for day in sorted(self._images.iterdir())[-2:] for part in day.glob(f".*{PART}")]
        stale = [part for part in parts if part.stat().st_mtime < old]
        for part in stale:
            part.unlink(missing_ok=True)
        return len(stale)

    def _folder_of(self, day: str) -> Folder:
        path = f"{self._images}/{day}"
        if self._folder is None or self._folder.path != path:
            try:
                self._folder = Folder(path)
            except FileNotFoundError:
                Path(path).mkdir(parents=True, exist_ok=True)
                sync_folder(str(self._images))
                self._folder = Folder(path)
        return self._folder

    def _begin(self, folder: Folder, name: str, size: int) -> Written | None:
        """None where the name is taken. Whoever holds the part file alone may take its name: none is overwritten."""
        written = Written(folder, name, None, size)
        try:
            written.descriptor = os.open(written.part, CREATE, 0o644, dir_fd=folder.descriptor)
        except FileExistsError:
            return None
        except FileNotFoundError:  # somebody deleted the folder
            self._folder = None
            raise
        if _exists(folder, name):
            self.discard(written)
            return None
        return written


def sync_folder(folder: str) -> None:
    """fsync a folder, so that the entries in it survive a power cut."""
    descriptor = os.open(folder, FOLDER)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def begin_to_write(descriptor: int) -> None:
    """Have the kernel begin to bring a file on disk, so that others are on their way when the first is waited for.

    Only a hint: whatever is wrong, fsync says.
    """
    _sync_file_range(descriptor, 0, 0, SYNC_FILE_RANGE_WRITE)


def _write_all(written: Written, data: Payload) -> None:
    assert written.descriptor is not None  # noqa: S101  it was just begun
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(written.descriptor, rest) :]
    begin_to_write(written.descriptor)


def _exists(folder: Folder, name: str) -> bool:
    try:
        os.lstat(name, dir_fd=folder.descriptor)
    except FileNotFoundError:
        return False
    return True


def _remove(folder: Folder, name: str) -> None:
    with suppress(FileNotFoundError):
        os.unlink(name, dir_fd=folder.descriptor)  # noqa: PTH108  Path has no dir_fd


_sync_file_range: Callable[[int, int, int, int], int] = ctypes.CDLL(None).sync_file_range
_sync_file_range.argtypes = [ctypes.c_int, ctypes.c_int64, ctypes.c_int64, ctypes.c_uint]  # type: ignore[attr-defined]
