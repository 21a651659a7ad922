"""One file, as the index knows it and as it is."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from cameras.models import Depth, Fault

DIGITS = 12
"""Of a hash, for people."""
SCAN, END, JPEG = b"\xff\xda", b"\xff\xd9", b"\xff\xd8"


class Row(NamedTuple):
    """What the index knows of a picture."""

    pk: int
    path: str
    size: int
    """Bytes."""
    sha256: bytes | None


@dataclass(frozen=True, slots=True)
class Seen:
    """What is wrong with a file, if anything, and the hash of its contents where they were read."""

    fault: Fault | None = None
    text: str = ""
    digest: bytes | None = None


def look(row: Row, root: Path, depth: Depth, listed: bool) -> Seen:
    """Look at the file of a row below `root`, as closely as `depth` says; `listed`: its folder has that name."""
    if listed and depth == Depth.NAMES:
        return Seen()
    file = root / row.path
    try:
        size = file.stat().st_size
        if depth == Depth.NAMES:
            return Seen()
        if size != row.size:
            return Seen(Fault.SIZE, f"{size:,} bytes instead of {row.size:,}")
        return inspect(file.read_bytes(), row) if depth == Depth.HASHES else Seen()
    except (FileNotFoundError, NotADirectoryError):
        return Seen(Fault.MISSING)
    except OSError as problem:
        return Seen(Fault.UNREADABLE, f"{problem.strerror or problem}")


def inspect(data: bytes, row: Row) -> Seen:
    """Compare contents with the hash that the index has, and see whether the picture has its end."""
    digest = hashlib.sha256(data).digest()
    if row.sha256 is not None and bytes(row.sha256) != digest:
        return Seen(
            Fault.CHANGED, f"SHA-256 {digest.hex()[:DIGITS]}… instead of {bytes(row.sha256).hex()[:DIGITS]}…", digest
        )
    if is_cut_off(data):
        return Seen(Fault.TRUNCATED, "a JPEG without its end", digest)
    return Seen(digest=digest)


def is_cut_off(data: bytes) -> bool:
    """Whether a JPEG lacks the marker of its end (ITU-T T.81, B.1.1.3) behind its last scan.

    Inside a scan a byte 255 is followed by 0 or by a restart marker only, so that the end's marker cannot occur there.
    """
    return data.startswith(JPEG) and data.rfind(END) < data.rfind(SCAN)


def readable(name: str) -> str:
    """A file's name as a database can hold it: bytes that are no UTF-8 are written as `\\xff`."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")
