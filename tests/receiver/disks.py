"""A small disk in memory that really fills up and really turns read-only."""

from __future__ import annotations

import errno
import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from .conftest import PATIENCE

BALLAST = "ballast"


class Disk:
    """A tmpfs on a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def fill(self) -> None:
        """Leave no room on it."""
        with (self.folder / BALLAST).open("ab", buffering=0) as ballast:
            for size in (65536, 4096, 1):
                try:
                    while True:
                        ballast.write(bytes(size))
                except OSError as problem:
                    assert problem.errno == errno.ENOSPC  # it ends by nothing else

    def empty(self) -> None:
        """Leave room on it again."""
        (self.folder / BALLAST).unlink()

    def allow(self, mode: str) -> None:
        """Have it `ro` or `rw`; that it is busy, with a file that is being written, passes."""
        give_up = time.monotonic() + PATIENCE
        while (done := mount("-o", f"remount,{mode}", str(self.folder))).returncode:
            assert time.monotonic() < give_up, done.stderr


def mount(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["mount", *arguments], capture_output=True, text=True)


@contextmanager
def disk(folder: Path, size: str) -> Iterator[Disk]:
    """A disk of so many bytes (`16m`); skips the test where nothing may be mounted."""
    if os.geteuid():
        pytest.skip("mounts a small disk, which only root may")
    folder.mkdir(parents=True)
    if (done := mount("-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder))).returncode:
        pytest.skip(f"nothing can be mounted here: {done.stderr.strip()}")
    try:
        yield Disk(folder)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
