"""Every folder below the folder of images, and every folder that the index names, the newest day first."""

from __future__ import annotations

import os
from collections.abc import Iterator

import environment
from cameras.models import Image
from ingest.reconcile.belonging import MARKER
from ingest.reconcile.looking import Row

TOP = "images"
BEHIND_ALL = "\U0010ffff"
"""In place of a name: all rows of a folder were compared."""
BATCH = 500
COLUMNS = ("pk", "path", "bytes", "sha256")


def folders(place: str = "") -> list[str]:
    """The paths of all folders relative to DATA_DIR, newest first, from the one where `place` is."""
    here = place.rpartition("/")[0]
    found = sorted({*on_disk(), *indexed()}, reverse=True)
    return [one for one in found if not here or one < here or (one == here and not place.endswith("/"))]


def on_disk() -> Iterator[str]:
    """The folder of images and the folders in it; links are not followed."""
    yield TOP
    with os.scandir(environment.current().images_dir) as found:
        yield from (f"{TOP}/{one.name}" for one in found if one.is_dir(follow_symlinks=False) and _ours(one.name))


def _ours(name: str) -> bool:
    return not name.startswith(".") and name.isprintable() and name.isascii()


def indexed() -> Iterator[str]:
    """The folders that rows name; one look into the index for each."""
    rows = Image.objects.order_by("-path").values_list("path", flat=True)
    path = rows.first()
    while path:
        folder = path.rpartition("/")[0]
        yield folder
        path = rows.filter(path__lt=f"{folder}/").first()


def names(folder: str) -> set[str]:
    """The names of all that is in a folder but folders that are walked themselves; nothing where it is not there.

    Raises `OSError` where it is there and cannot be read. At most one folder, a day, is in memory.
    """
    path = environment.current().data_dir / folder
    try:
        with os.scandir(path) as found:
            return {one.name for one in found if not _apart(folder, one)}
    except (FileNotFoundError, NotADirectoryError):
        return set()


def _apart(folder: str, entry: os.DirEntry[str]) -> bool:
    """What is no finished file of anybody: our marker, pictures that are being written, folders with a turn."""
    if entry.name.startswith(".") and (entry.name.startswith(MARKER) or entry.name.endswith(".part")):
        return True
    return folder == TOP and entry.is_dir(follow_symlinks=False) and _ours(entry.name)


def rows(folder: str, place: str) -> Iterator[list[Row]]:
    """The rows of a folder behind `place`, in batches by path; a range, since LIKE would not use SQLite's index."""
    end = f"{folder}0"  # the character after the slash
    last = max(place, f"{folder}/") if place.startswith(f"{folder}/") else f"{folder}/"
    mine = Image.objects.filter(path__lt=end).order_by("path").values_list(*COLUMNS)
    if folder == TOP:  # its range is that of all pictures, and none of them should lie in it
        mine = mine.filter(path__regex=rf"^{TOP}/[^/]+$") if TOP in indexed() else mine.none()
    while batch := [Row(*one) for one in mine.filter(path__gt=last)[:BATCH]]:
        last = batch[-1].path
        # A range ends with the folder, but what lies in folders below it has a turn of its own.
        yield [one for one in batch if one.path.rpartition("/")[0] == folder]
