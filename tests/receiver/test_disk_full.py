from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from receiver.eventlog import EventLog
from receiver.journal import Journal
from receiver.journal_reader import JournalReader
from receiver.keeper import Job, Keeper
from receiver.messages import Event, Picture
from receiver.store import Store

from .conftest import JPEG

PICTURE = Picture("Garage", "cam", "Garage cam|jpg", JPEG, None)
EVENT = Event("Garage", "cam", "Garage cam|motion|moving", "motion", ("moving",))


def full_disk(*_: object) -> None:
    raise OSError(28, "No space left on device")


class Parts:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store = Store(folder, ZoneInfo("UTC"))
        self.journal = Journal(folder / "hub.journal")
        self.keeper = Keeper(self.store, self.journal, EventLog(folder, "hub"), "hub")

    def keep(self, messages: Sequence[Picture | Event]) -> list[str | None]:
        jobs = [Job(b"", message, str(uuid.uuid4()), datetime.now(UTC), 1) for message in messages]
        for job in jobs:
            job.jpeg = JPEG if isinstance(job.message, Picture) else None
        self.keeper.put(jobs)
        done = self.keeper.take()
        while self.keeper.in_flight:
            self.keeper.workers.wait()
            self.keeper.attend()
            done += self.keeper.take()
        assert len(done) == len(jobs)
        return [job.refusal for job in jobs]

    def records(self) -> list[dict[str, Any]]:
        """What the journal holds, as after a restart."""
        return [json.loads(record) for record in JournalReader(self.folder / "hub.journal", None).read(100)[0]]

    def files(self) -> list[Path]:
        return [path for path in (self.folder / "images").rglob("*") if path.is_file()]


@pytest.fixture
def parts(tmp_path: Path) -> Parts:
    return Parts(tmp_path)


@pytest.mark.parametrize("number", [1, 20])
def test_it_refuses_pictures_while_the_disk_is_full_and_takes_them_again(
    parts: Parts, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr("receiver.written.os.write", full_disk)
        assert parts.keep([PICTURE] * number) == ["disk full"] * number
    assert parts.files() == []
    assert parts.keep([PICTURE] * number) == [None] * number
    assert len(parts.files()) == number


@pytest.mark.parametrize("broken", ["receiver.written.Folder.sync", "receiver.journal.os.fdatasync"])
@pytest.mark.parametrize("number", [1, 20])
def test_it_takes_back_what_it_could_not_record(
    parts: Parts, monkeypatch: pytest.MonkeyPatch, broken: str, number: int
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(broken, full_disk)
        assert set(parts.keep([PICTURE] * number)) == {"disk full"}
    assert parts.files() == []
    assert parts.keep([PICTURE, EVENT]) == [None, None]
    assert len(parts.files()) == 1
    assert parts.files()[0].name in str(parts.records())


def test_a_journal_that_cannot_be_made_refuses_and_comes_back(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr("receiver.journal.os.pwrite", full_disk)
        assert parts.keep([EVENT]) == ["disk full"]
    assert parts.keep([EVENT]) == [None]
