"""The journal: what makes a record durable before its message is answered, as cheaply as a disk can.

A record is appended to a file whose blocks are on disk already, so that one `fdatasync` of a few hundred bytes is all
that it takes. The forwarder brings records from here into the outbox, where they can be found and marked; a file of
which the outbox has everything is deleted. What a crash left here is brought over after the next start.
"""

from __future__ import annotations

import errno
import os
import struct
import threading
import zlib
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from receiver.groupsync import GroupSync
from receiver.store import sync_folder

SEGMENT_BYTES = 1024 * 1024
"""A file of the journal holds some 2,500 records."""
MOST_WAITING = 100_000
"""Records in memory; they come to wait only where the outbox cannot be written for long."""
HEAD = struct.Struct("<II")
"""Length and CRC-32 of the record that follows; a length of 0 stands where nothing was written yet."""
SUFFIX = ".journal"


@dataclass(slots=True, eq=False)
class Segment:
    """One file of the journal; `waiting` of its records are not in the outbox yet."""

    path: Path
    waiting: int = 0
    end: int = 0


class OpenSegment(Segment):
    """The file that is written to."""

    def __init__(self, path: Path) -> None:
        """Make it, with all its blocks on disk; raises OSError, for example where the disk is full."""
        super().__init__(path)
        self._descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_CLOEXEC, 0o600)
        self.sync = GroupSync(lambda: os.fdatasync(self._descriptor))
        try:
            if os.pwrite(self._descriptor, bytes(SEGMENT_BYTES), 0) < SEGMENT_BYTES:
                raise OSError(errno.ENOSPC, "only a part could be written")
            os.fsync(self._descriptor)
            sync_folder(str(path.parent))
        except OSError:
            self.close()
            path.unlink()
            raise

    def write(self, data: bytes, count: int) -> None:
        """Append so many records, which are on disk after `sync`."""
        if os.pwrite(self._descriptor, data, self.end) < len(data):
            raise OSError(errno.ENOSPC, "only a part could be written")
        self.end += len(data)
        self.waiting += count

    def close(self) -> None:
        """Close the file."""
        os.close(self._descriptor)


class Journal:
    """The journal in a folder of its own. `append` is for any thread, the rest for the forwarder alone."""

    def __init__(self, folder: Path) -> None:
        """Make the folder, and read what an earlier receiver left; raises OSError."""
        folder.mkdir(exist_ok=True)
        self._folder = folder
        self._lock = threading.Lock()
        self._fresh: deque[tuple[Segment, bytes]] = deque()
        self._full: list[Segment] = []
        for path in sorted(folder.glob(f"*{SUFFIX}")):
            self._take_over(path)
        self._number = int(self._full[-1].path.stem) if self._full else 0
        self._open: OpenSegment | None = None

    def append(self, records: Sequence[bytes]) -> None:
        """Have records on disk when this returns; raises OSError where they are not."""
        if len(self._fresh) > MOST_WAITING:
            raise OSError("the outbox cannot be written")
        data = b"".join(HEAD.pack(len(record), zlib.crc32(record)) + record for record in records)
        with self._lock:
            segment = self._room(len(data))
            try:
                segment.write(data, len(records))
            except OSError:
                self._retire()
                raise
        try:
            segment.sync()
        except OSError:
            with self._lock:
                segment.waiting -= len(records)
                if segment is self._open:  # what a failed sync wrote is unknown, and the next may not tell
                    self._retire()
            raise
        self._fresh.extend((segment, record) for record in records)

    def waiting(self) -> int:
        """How many records the outbox does not have yet."""
        return len(self._fresh)

    def fresh(self, most: int) -> list[tuple[Segment, bytes]]:
        """The oldest records that the outbox does not have; they stay until `absorbed`."""
        return [self._fresh[number] for number in range(min(most, len(self._fresh)))]

    def absorbed(self, entries: Sequence[tuple[Segment, bytes]]) -> None:
        """The outbox has these, which `fresh` gave."""
        for segment, _ in entries:
            self._fresh.popleft()
            with self._lock:
                segment.waiting -= 1

    def retire(self) -> None:
        """Begin a new file, so that the old one can be deleted; nothing where nothing was written."""
        with self._lock:
            if self._open and self._open.end:
                self._retire()

    def done(self) -> list[Segment]:
        """Files of which the outbox has everything."""
        with self._lock:
            return [segment for segment in self._full if not segment.waiting]

    def delete(self, segments: Sequence[Segment]) -> None:
        """Delete files of which the outbox has everything, on disk."""
        for segment in segments:
            if isinstance(segment, OpenSegment):
                segment.close()
            segment.path.unlink(missing_ok=True)
            with self._lock:
                self._full.remove(segment)

    def _room(self, size: int) -> OpenSegment:
        if self._open and self._open.end + size > SEGMENT_BYTES:
            self._retire()
        if self._open is None:
            self._number += 1
            self._open = OpenSegment(self._folder / f"{self._number:012}{SUFFIX}")
        return self._open

    def _retire(self) -> None:
        assert self._open is not None  # noqa: S101  all who call this have seen it
        self._full.append(self._open)
        self._open = None

    def _take_over(self, path: Path) -> None:
        segment = Segment(path)
        for record in read(path):
            self._fresh.append((segment, record))
            segment.waiting += 1
        self._full.append(segment)


def read(path: Path) -> Iterator[bytes]:
    """The records of a file, up to where nothing sound follows."""
    data = path.read_bytes()
    at = 0
    while at + HEAD.size <= len(data):
        length, crc = HEAD.unpack_from(data, at)
        record = data[at + HEAD.size : at + HEAD.size + length]
        if not length or len(record) < length or zlib.crc32(record) != crc:
            return
        yield record
        at += HEAD.size + length
