"""Two threads on one journal: each has on disk what it wrote, whatever the other did meanwhile."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from receiver import journal
from receiver.journal import Journal


def elsewhere(action: Callable[[], object]) -> None:
    """Have another thread do something."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(action).result()


def test_a_file_that_another_thread_filled_is_synced_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "FILE_BYTES", 100)
    made, synced = Journal(tmp_path / "hub.journal"), list[Path]()
    mine = made.write([b"x" * 60])
    (first,) = (tmp_path / "hub.journal").iterdir()
    elsewhere(lambda: made.write([b"y" * 60]))
    monkeypatch.setattr(os, "fdatasync", lambda one: synced.append(Path(f"/proc/self/fd/{one}").readlink()))
    made.sync(mine)
    assert synced == [first]


def test_a_sync_that_failed_is_no_success_to_another_thread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = Journal(tmp_path / "hub.journal")
    mine = made.write([b"one"])

    def write_and_fail() -> None:
        theirs = made.write([b"two"])
        with monkeypatch.context() as patched, pytest.raises(OSError, match="broken"):
            patched.setattr(os, "fdatasync", fails)
            made.sync(theirs)

    elsewhere(write_and_fail)
    with pytest.raises(OSError, match="earlier sync"):
        made.sync(mine)
    made.sync(made.write([b"three"]))


def fails(_descriptor: int) -> None:
    raise OSError(5, "broken")
