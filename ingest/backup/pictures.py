"""Pictures and thumbnails copied once, with their hashes; files of ours never change once they are written."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import environment
from ingest.backup.place import Place

KINDS = ("images", "thumbnails")
BLOCK = 1 << 20
Step = Callable[[int], None]
"""Told the bytes of each file that is dealt with."""


def days(root: Path) -> Iterator[str]:
    """The folders that hold files: `images/2026-11-23` and so on, relative to `root`; links are not followed."""
    for kind in KINDS:
        if (root / kind).is_dir():
            found = (one for one in os.scandir(root / kind) if one.is_dir(follow_symlinks=False))
            yield from sorted(f"{kind}/{one.name}" for one in found)


def files(root: Path, day: str) -> dict[str, int]:
    """The finished files of a day and their bytes, by their paths relative to `root`."""
    with os.scandir(root / day) as found:
        return {
            f"{day}/{one.name}": one.stat(follow_symlinks=False).st_size
            for one in found
            if one.is_file(follow_symlinks=False) and not one.name.endswith(".part")
        }


def copy_day(place: Place, day: str, step: Step) -> list[str]:
    """Copy what the backup does not have of a day; the paths of all that it has now. Can be stopped and run again."""
    root = environment.current().data_dir
    known, kept = place.hashes(day), []
    place.hash_file(day).parent.mkdir(parents=True, exist_ok=True)
    (place.folder / day).mkdir(parents=True, exist_ok=True)
    with place.hash_file(day).open("a", encoding="utf-8") as hashes:
        for path, size in files(root, day).items():
            if known.get(path, ("", -1))[1] != size or not _is_there(place.folder / path, size):
                try:
                    digest, copied = copy(root / path, place.folder / path)
                except FileNotFoundError:  # purged meanwhile
                    continue
                hashes.write(f"\n{digest}  {copied} {path}\n")
                hashes.flush()
            kept.append(path)
            step(size)
    return kept


def _is_there(file: Path, size: int) -> bool:
    try:
        return file.stat().st_size == size
    except FileNotFoundError:
        return False


def copy(source: Path, target: Path) -> tuple[str, int]:
    """Copy a file under its name only once it is whole; its SHA-256 and bytes. Raises `OSError`."""
    digest, size = hashlib.sha256(), 0
    part = target.with_name(f"{target.name}.part")
    with source.open("rb") as reader, part.open("wb") as writer:
        while block := reader.read(BLOCK):
            digest.update(block)
            writer.write(block)
            size += len(block)
    shutil.copystat(source, part)
    part.rename(target)
    return digest.hexdigest(), size


def digest_of(file: Path) -> str:
    """SHA-256 of a file. Raises `OSError`."""
    with file.open("rb") as reader:
        return hashlib.file_digest(reader, "sha256").hexdigest()


def verify_day(place: Place, day: str, step: Step) -> list[str]:
    """The paths of a day whose copies are gone or are not what they were; the next backup copies them anew."""
    damaged = []
    for path, (digest, size) in place.hashes(day).items():
        try:
            if digest_of(place.folder / path) != digest:
                damaged.append(path)
        except OSError:
            damaged.append(path)
        step(size)
    if damaged:
        place.forget(day, damaged)
    return damaged
