"""Reading the journal while the receiver writes it, or after it has ended in whatever way."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path

from receiver.journal import HEAD, file_path, numbers
from receiver.outbox import Position

START: Position = (0, 0)


class JournalReader:
    """Reads on from a position; the caller keeps that where it keeps what it has read."""

    def __init__(self, folder: Path, position: Position | None) -> None:
        self._folder = folder
        self.position = position or START

    def read(self, most: int) -> tuple[list[bytes], Position]:
        """Up to `most` records that follow the position, and the position after them, to be assigned once kept.

        Whatever is not a sound record ends its file: not written yet, in the newest, or cut off, in an older one.
        """
        records: list[bytes] = []
        at = self.position
        for number in self._ahead():  # listed before any is read: nothing is added to a file that has a next one
            at = (number, at[1] if number == at[0] else 0)
            for record in sound(file_path(self._folder, number), at[1]):
                if len(records) == most:
                    return records, at
                records.append(record)
                at = (number, at[1] + HEAD.size + len(record))
        return records, at

    def behind(self) -> list[Path]:
        """The files of which everything was read. The newest is never one: its number says how far the count went."""
        return [file_path(self._folder, number) for number in numbers(self._folder) if number < self.position[0]]

    def _ahead(self) -> list[int]:
        found = numbers(self._folder)
        if self.position[0] not in found:  # the first of all, or somebody cleared the folder
            return found
        return [number for number in found if number >= self.position[0]]


def sound(path: Path, start: int = 0) -> Iterator[bytes]:
    """The records of a file from a byte on, up to where nothing sound follows."""
    with path.open("rb") as file:
        file.seek(start)
        data = file.read()
    at = 0
    while at + HEAD.size <= len(data):
        length, crc = HEAD.unpack_from(data, at)
        record = data[at + HEAD.size : at + HEAD.size + length]
        if not length or len(record) < length or zlib.crc32(record) != crc:
            return
        yield record
        at += HEAD.size + length
