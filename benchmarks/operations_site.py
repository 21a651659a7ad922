"""What the benchmark of operations works on: databases of a private MariaDB, and files for their pictures."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.web_building import build, build_one
from benchmarks.web_database import server, set_up, turn_to
from tests.mariadb import MariaDB

BLOCK = os.urandom(1 << 20)
Picture = tuple[str, int]
"""A path relative to DATA_DIR, and bytes."""


@contextmanager
def copied(kept: Path, folder: Path) -> Iterator[MariaDB]:
    """A running server on a copy of the web benchmark's databases, which are built where they are not there."""
    building = multiprocessing.get_context("spawn").Process(target=build_at, args=(kept,))
    building.start()  # a process of its own, since Django is set up once for one server
    building.join()
    if building.exitcode:
        raise SystemExit(f"the databases could not be built in {kept}")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    subprocess.run(["cp", "--archive", "--reflink=auto", kept / "data", folder], check=True)
    try:
        with server(folder) as started:
            set_up(started, folder)
            yield started
    finally:
        shutil.rmtree(folder)


def build_at(kept: Path) -> None:
    """Build what is not there, on a server that ends with that."""
    with server(kept) as started:
        set_up(started, kept)
        build(started, kept)


def make_site(started: MariaDB, name: str, pictures: int, folder: Path) -> None:
    """A database of that name with so many pictures and all that belongs to them, and files of their sizes."""
    from cameras.models import Image

    started.create(name)
    turn_to(name, anew=True)
    build_one(pictures)
    write(folder, Image.objects.values_list("path", "bytes").iterator(), thumbnail=6000)


def write(folder: Path, pictures: Iterable[Picture], thumbnail: int) -> int:
    """Write pictures, each unlike all others, with thumbnails of so many bytes; how many."""
    made: set[Path] = set()
    count = 0
    for path, size in pictures:
        count += 1
        for file, wanted in (
            (folder / path, size),
            (folder / "thumbnails" / Path(path).relative_to("images"), thumbnail),
        ):
            if file.parent not in made:
                file.parent.mkdir(parents=True, exist_ok=True)
                made.add(file.parent)
            mark = f"{count:012}".encode()
            file.write_bytes(mark + BLOCK[count % 4096 :][: wanted - len(mark)])
    return count


def hashes(folder: Path) -> dict[str, str]:
    """SHA-256 of all pictures and thumbnails, by their paths relative to DATA_DIR."""
    found = {}
    for kind in ("images", "thumbnails"):
        for file in sorted((folder / kind).glob("*/*")):
            with file.open("rb") as reader:
                found[str(file.relative_to(folder))] = hashlib.file_digest(reader, "sha256").hexdigest()
    return found
