"""Two threads on one journal: what one syncs is not written to by the other meanwhile."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from receiver.journal import FILE_BYTES, HEAD, Journal
from receiver.journal_reader import JournalReader


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "hub.journal"


def begin_elsewhere(made: Journal, record: bytes) -> tuple[threading.Thread, threading.Event]:
    """Have another thread append a record; the event tells when it has."""
    done = threading.Event()

    def append() -> None:
        made.begin([record]).sync()
        done.set()
        made.end(None)

    thread = threading.Thread(target=append)
    thread.start()
    return thread, done


def test_one_waits_for_the_others_sync(folder: Path) -> None:
    made = Journal(folder)
    mine = made.begin([b"one"])
    thread, done = begin_elsewhere(made, b"two")
    assert not done.wait(0.2)
    mine.sync()
    made.end(None)
    thread.join()
    assert JournalReader(folder, None).read(9)[0] == [b"one", b"two"]


def test_after_a_sync_that_failed_the_other_writes_to_a_new_file(folder: Path) -> None:
    made = Journal(folder)
    made.begin([b"doubtful"])
    thread, _ = begin_elsewhere(made, b"good")
    made.end(OSError(5, "broken"))
    thread.join()
    first, second = sorted(folder.iterdir())
    assert (b"doubtful" in first.read_bytes(), b"good" in first.read_bytes()) == (True, False)
    assert b"good" in second.read_bytes()


def test_a_write_that_failed_keeps_nobody_out(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = Journal(folder)
    with monkeypatch.context() as patched, pytest.raises(OSError, match="full"):
        patched.setattr("receiver.journal.os.pwrite", full)
        made.begin([b"x" * (FILE_BYTES - HEAD.size)])
    begin_elsewhere(made, b"good")[0].join()
    assert JournalReader(folder, None).read(9)[0] == [b"good"]


def full(*_: object) -> int:
    raise OSError(28, "full")
