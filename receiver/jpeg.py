"""A JPEG's size as its header claims it, read without decoding anything."""

from __future__ import annotations

MAGIC = b"\xff\xd8\xff"
MOST_MARKERS = 1000  # before the size; a camera writes ten, and whoever writes millions wants to keep us busy
SIZES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # SOF0 to SOF15; the others in that range are tables
BARE = frozenset(range(0xD0, 0xD9)) | {0x01}  # markers without a length: RST0 to RST7, SOI, TEM
SCAN, END = 0xDA, 0xD9


def claimed_size(data: bytes | memoryview) -> tuple[int, int] | None:
    """(width, height) in pixels from the frame header (ITU-T T.81, B.2.2); None where it ends before one.

    Raises ValueError where `data` is not the start of a JPEG at all.
    """
    if bytes(data[:3]) != MAGIC:
        raise ValueError("not a JPEG")
    at = 2
    for _ in range(MOST_MARKERS):
        if at + 9 > len(data):
            return None
        if data[at] != 0xFF:
            raise ValueError("not a JPEG")
        marker = data[at + 1]
        if marker in SIZES:
            return int.from_bytes(data[at + 7 : at + 9], "big"), int.from_bytes(data[at + 5 : at + 7], "big")
        if marker in {SCAN, END}:
            raise ValueError("not a JPEG")
        at += _length(data, at, marker)
    raise ValueError("not a JPEG")


def _length(data: bytes | memoryview, at: int, marker: int) -> int:
    """Bytes from this marker to the next."""
    if marker == 0xFF:  # a fill byte
        return 1
    if marker in BARE:
        return 2
    length = int.from_bytes(data[at + 2 : at + 4], "big")
    if marker == 0 or length < 2:
        raise ValueError("not a JPEG")
    return 2 + length
