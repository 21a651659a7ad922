"""The journal: what makes a record durable before its message is answered, as cheaply as a disk can.

A record is appended to a file whose blocks are on disk already, so that one `fdatasync` of a few hundred bytes is all
that it takes. The forwarder, a process of its own, reads the files, brings their records into the outbox, where they
can be found and marked, and deletes files that it is done with.
"""

from __future__ import annotations

import errno
import os
import struct
import threading
import time
import weakref
import zlib
from collections.abc import Iterable
from pathlib import Path

from receiver.store import sync_folder

FILE_BYTES = 1024 * 1024
"""A file of the journal holds some 2,500 records."""
HEAD = struct.Struct("<II")
"""Length and CRC-32 of the record that follows; a length of 0 stands where nothing was written yet."""
SUFFIX = ".journal"


class OpenFile:
    """The file that is written to."""

    def __init__(self, path: Path) -> None:
        """Make it, with all its blocks on disk; raises OSError, for example where the disk is full."""
        self._end = 0
        self._descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_CLOEXEC, 0o600)
        weakref.finalize(self, os.close, self._descriptor)
        try:
            self._write(bytes(FILE_BYTES), 0)
            os.fsync(self._descriptor)
            sync_folder(path.parent)
        except OSError:
            path.unlink()
            raise

    def has_room(self, size: int) -> bool:
        """Whether so many bytes fit (in a file that is empty, anything may), and nobody has deleted it."""
        fits = not self._end or self._end + size <= FILE_BYTES
        return fits and os.fstat(self._descriptor).st_nlink > 0

    def write(self, data: bytes) -> None:
        """Append data; raises OSError."""
        self._write(data, self._end)
        self._end += len(data)

    def sync(self) -> None:
        """Have on disk what was written; raises OSError."""
        os.fdatasync(self._descriptor)

    def _write(self, data: bytes, at: int) -> None:
        if os.pwrite(self._descriptor, data, at) < len(data):
            raise OSError(errno.ENOSPC, "only a part could be written")


class Journal:
    """Appends to the journal in a folder of its own; threads that share it write and sync in turns."""

    def __init__(self, folder: Path) -> None:
        """Make the folder; raises OSError. A new file is begun, as what an earlier one ends with is uncertain."""
        folder.mkdir(exist_ok=True)
        sync_folder(folder.parent)
        self._folder = folder
        self._turn = threading.Lock()
        self._number = max(numbers(folder), default=0)
        self._open: OpenFile | None = None

    def begin(self, records: Iterable[bytes]) -> OpenFile:
        """Append records to the file that this returns: after its `sync`, in any thread, they are on disk.

        Has to be followed by `end`, except where it raises OSError.
        """
        data = b"".join(HEAD.pack(len(record), zlib.crc32(record)) + record for record in records)
        self._turn.acquire()
        try:
            file = self._file_for(len(data))
            file.write(data)
        except OSError as problem:
            self.end(problem)
            raise
        return file

    def end(self, problem: OSError | None) -> None:
        """Say what came of it."""
        if problem:  # what a failed write or sync did is unknown, and the next one may not tell
            self._open = None
        self._turn.release()

    def _file_for(self, size: int) -> OpenFile:
        if self._open is None or not self._open.has_room(size):
            # By the time, so that no number comes twice, even where somebody cleared the folder.
            self._number = max(self._number + 1, time.time_ns())
            self._open = OpenFile(file_path(self._folder, self._number))
        return self._open


def file_path(folder: Path, number: int) -> Path:
    """Where a file of the journal lies; they are numbered in the order of their making."""
    return folder / f"{number:020}{SUFFIX}"


def numbers(folder: Path) -> list[int]:
    """The numbers of the files that are there, in order."""
    return sorted(int(path.stem) for path in folder.glob(f"*{SUFFIX}") if path.stem.isdecimal())
