"""What makes a record durable, and who reads it."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from receiver import journal
from receiver.journal import HEAD, Journal, file_path, numbers
from receiver.journal_reader import JournalReader, sound


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "hub.journal"


def append(made: Journal, *records: bytes) -> None:
    file, problem = made.begin(records), None
    try:
        file.sync()
    except OSError as refused:
        problem = refused
        raise
    finally:
        made.end(problem)


def first(folder: Path) -> Path:
    """The oldest file."""
    return file_path(folder, numbers(folder)[0])


def left(folder: Path) -> list[bytes]:
    """What a reader would find there that starts now."""
    return JournalReader(folder, None).read(10_000)[0]


def test_it_is_read_in_order_and_from_where_the_reader_was(folder: Path) -> None:
    made = Journal(folder)
    append(made, b"one", b"two")
    append(made, b"three")
    reader = JournalReader(folder, None)
    first, position = reader.read(2)
    assert (first, reader.read(2)[0]) == ([b"one", b"two"], [b"one", b"two"]), "again, until the position is kept"
    reader.position = position
    assert reader.read(9)[0] == [b"three"]
    assert JournalReader(folder, position).read(9)[0] == [b"three"], "after a restart"


def test_what_comes_meanwhile_is_read_next(folder: Path) -> None:
    made = Journal(folder)
    append(made, b"one")
    reader = JournalReader(folder, None)
    _, reader.position = reader.read(9)
    assert reader.read(9) == ([], reader.position)
    append(made, b"two")
    assert reader.read(9)[0] == [b"two"]


def test_a_new_receiver_begins_a_new_file(folder: Path) -> None:
    append(Journal(folder), b"one", b"two")
    append(Journal(folder), b"three")
    assert len(numbers(folder)) == 2
    assert left(folder) == [b"one", b"two", b"three"]


@pytest.mark.parametrize("cut", range(1, 25))
def test_a_record_that_was_cut_off_is_none_and_the_next_file_is_read_on(folder: Path, cut: int) -> None:
    append(Journal(folder), b"first", b"second record")
    file = first(folder)
    end = 2 * HEAD.size + len(b"first" + b"second record")
    content = bytearray(file.read_bytes())
    content[end - cut :] = bytes(len(content) - end + cut)
    file.write_bytes(content)
    append(Journal(folder), b"after")
    assert left(folder) == ([b"first", b"after"] if cut <= end - HEAD.size - len(b"first") else [b"after"])


def test_a_record_that_was_changed_is_none(folder: Path) -> None:
    append(Journal(folder), b"first", b"second")
    content = first(folder).read_bytes()
    first(folder).write_bytes(content.replace(b"second", b"sekond"))
    assert list(sound(first(folder))) == [b"first"]


def test_files_of_which_everything_was_read_are_named_but_never_the_newest(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "FILE_BYTES", 100)
    made = Journal(folder)
    for number in range(10):
        append(made, b"x" * 30 + str(number).encode())
    assert len(numbers(folder)) == 5
    reader = JournalReader(folder, None)
    _, reader.position = reader.read(3)
    assert reader.behind() == [first(folder)]
    _, reader.position = reader.read(9)
    assert reader.behind() == [file_path(folder, number) for number in numbers(folder)[:4]]
    for path in reader.behind():
        path.unlink()
    append(Journal(folder), b"next")
    assert reader.read(9)[0] == [b"next"]


def test_a_folder_that_was_cleared_is_read_from_its_beginning(folder: Path) -> None:
    append(Journal(folder), b"old")
    reader = JournalReader(folder, None)
    _, reader.position = reader.read(9)
    first(folder).unlink()
    append(Journal(folder), b"new")
    assert reader.read(9)[0] == [b"new"]


def test_a_file_that_somebody_deleted_is_not_written_to(folder: Path) -> None:
    made = Journal(folder)
    append(made, b"old")
    first(folder).unlink()
    append(made, b"new")
    assert left(folder) == [b"new"]


def test_files_of_others_are_left_alone(folder: Path) -> None:
    made = Journal(folder)
    (folder / "notes.journal").write_text("mine")
    append(made, b"one")
    assert left(folder) == [b"one"]


def test_nothing_follows_what_a_disk_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = Journal(folder)
    append(made, b"before")
    with monkeypatch.context() as patched:
        patched.setattr(os, "fdatasync", fails)
        with pytest.raises(OSError, match="broken"):
            append(made, b"doubtful")
    append(made, b"after")
    assert len(numbers(folder)) == 2
    assert [left(folder)[0], left(folder)[-1]] == [b"before", b"after"]


def fails(_descriptor: int) -> None:
    raise OSError(5, "broken")


def test_threads_share_it_and_lose_nothing(folder: Path) -> None:
    made = Journal(folder)

    def some(name: int) -> None:
        for number in range(50):
            append(made, f"{name}-{number}".encode())

    threads = [threading.Thread(target=some, args=(name,)) for name in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(left(folder)) == sorted(f"{name}-{n}".encode() for name in range(4) for n in range(50))
