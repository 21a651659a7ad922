"""Pictures to take away: a ZIP that is made while it is sent, and a table of what is known of them."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from django.utils import timezone

from cameras.models import Image
from web.cards import card
from web.file_answer import inside

CHUNK = 256 * 1024
COLUMNS = ("number", "camera", "received at", "width", "height", "bytes", "kept", "visit", "objects", "plates", "file")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""


class Outgoing(io.RawIOBase):
    """What was written and not yet sent; it cannot be gone back in."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting: list[bytes] = []

    def writable(self) -> bool:
        """It can be written to, and nothing else."""
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        """Keep some bytes until they are taken."""
        self.waiting.append(bytes(data))
        return len(data)

    def take(self) -> bytes:
        """What is to be sent next."""
        found = b"".join(self.waiting)
        self.waiting.clear()
        return found


def zipped(images: Sequence[Image]) -> Iterator[bytes]:
    """The bytes of a ZIP of these pictures, as they are stored, in memory never more than a piece of one.

    JPEGs are not compressed again. A picture whose file is gone is named in `missing.txt`.
    """
    out = Outgoing()
    missing: list[str] = []
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for image in images:
            try:
                source = inside("images", image.file)[0].open("rb")
            except (OSError, ValueError):
                missing.append(name_of(image))
                continue
            with source, archive.open(entry(image), "w", force_zip64=True) as target:
                while piece := source.read(CHUNK):
                    target.write(piece)
                    yield out.take()
            yield out.take()
        archive.writestr("pictures.csv", "".join(table(images)))
        if missing:
            archive.writestr("missing.txt", "\n".join(["The files of these pictures are not there:", *missing, ""]))
        yield out.take()
    yield out.take()


def entry(image: Image) -> zipfile.ZipInfo:
    """The entry of a picture, with the local time at which it was received."""
    local = timezone.localtime(image.received_at)
    found = zipfile.ZipInfo(name_of(image), (max(local.year, 1980), *local.timetuple()[1:6]))
    found.external_attr = 0o644 << 16
    return found


def name_of(image: Image) -> str:
    """The day's folder and the file's name; parts of a path that is stored, never one that leads out of a folder."""
    parts = [part for part in PurePosixPath(image.path).parts[1:] if part not in {"..", "/"}]
    return "/".join(parts).replace("\\", "_") or f"{image.pk}.jpg"


def table(images: Sequence[Image]) -> Iterator[str]:
    """The lines of a CSV (RFC 4180) of what is known of these pictures, read by `for_cards`."""
    out = io.StringIO()
    writer = csv.writer(out)
    for row in (COLUMNS, *(row_of(image) for image in images)):
        writer.writerow([harmless(str(value)) for value in row])
        yield out.getvalue()
        out.seek(0)
        out.truncate()


def row_of(image: Image) -> tuple[object, ...]:
    """The line of one picture; times with the offset of the site's zone."""
    shown = card(image)
    at = timezone.localtime(image.received_at).isoformat()
    kept = "kept" if image.keep else ""
    labels = "; ".join(f"{chip.count} {chip.label}" for chip in shown.chips)
    plates = "; ".join(one.text for one in shown.plates)
    size = image.width, image.height, image.bytes
    return (image.pk, image.camera, at, *size, kept, image.visit_id or "", labels, plates, name_of(image))


def harmless(text: str) -> str:
    """Text that no spreadsheet calculates: what cameras and readers wrote may be meant to."""
    return f"'{text}" if text.startswith(FORMULA) else text
