"""What makes a record durable."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from receiver import journal
from receiver.groupsync import GroupSync
from receiver.journal import Journal, read


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "hub.journal"


def left(folder: Path) -> list[bytes]:
    """What a receiver would find there that starts now."""
    return [record for path in sorted(folder.iterdir()) for record in read(path)]


def test_it_has_on_disk_what_was_appended_and_gives_it_in_order(folder: Path) -> None:
    made = Journal(folder)
    made.append([b"one", b"two"])
    made.append([b"three"])
    assert left(folder) == [b"one", b"two", b"three"]
    assert [record for _, record in made.fresh(2)] == [b"one", b"two"]
    made.absorbed(made.fresh(2))
    assert [record for _, record in made.fresh(9)] == [b"three"] and made.waiting() == 1


def test_what_a_crash_left_is_given_again_and_goes_when_it_was_absorbed(folder: Path) -> None:
    Journal(folder).append([b"one", b"two"])
    again = Journal(folder)
    again.append([b"three"])
    assert [record for _, record in again.fresh(9)] == [b"one", b"two", b"three"]
    assert again.done() == []
    again.absorbed(again.fresh(2))
    again.delete(again.done())
    assert left(folder) == [b"three"]


@pytest.mark.parametrize("cut", range(1, 25))
def test_a_record_that_was_cut_off_is_none(folder: Path, cut: int) -> None:
    Journal(folder).append([b"first", b"second record"])
    (file,) = folder.iterdir()
    end = 2 * journal.HEAD.size + len(b"first" + b"second record")
    content = bytearray(file.read_bytes())
    content[end - cut :] = bytes(len(content) - end + cut)
    file.write_bytes(content)
    assert left(folder) == ([b"first"] if cut <= end - journal.HEAD.size - len(b"first") else [])


def test_full_files_are_left_and_deleted_only_when_all_of_them_was_absorbed(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "SEGMENT_BYTES", 100)
    made = Journal(folder)
    for number in range(10):
        made.append([b"x" * 30 + str(number).encode()])
    assert len(list(folder.iterdir())) == 5
    made.absorbed(made.fresh(3))
    assert len(made.done()) == 1
    made.absorbed(made.fresh(7))
    made.retire()
    made.delete(made.done())
    assert list(folder.iterdir()) == []


def test_nothing_follows_what_a_disk_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = Journal(folder)
    made.append([b"before"])
    with monkeypatch.context() as patched:
        patched.setattr(os, "fdatasync", fails)
        with pytest.raises(OSError, match="broken"):
            made.append([b"lost"])
    made.append([b"after"])
    assert len(list(folder.iterdir())) == 2
    assert [record for _, record in made.fresh(9)] == [b"before", b"after"]


def fails(_descriptor: int) -> None:
    raise OSError(5, "broken")


def test_many_threads_share_syncs_and_lose_nothing(folder: Path) -> None:
    made = Journal(folder)

    def append(name: int) -> None:
        for number in range(50):
            made.append([f"{name}-{number}".encode()])

    threads = [threading.Thread(target=append, args=(name,)) for name in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(left(folder)) == sorted(f"{name}-{n}".encode() for name in range(8) for n in range(50))
    assert made.waiting() == 400


def test_a_sync_is_for_all_that_came_before_it_began() -> None:
    begun, go_on, count = threading.Event(), threading.Event(), 0

    def sync() -> None:
        nonlocal count
        count += 1
        begun.set()
        assert go_on.wait(10)

    group = GroupSync(sync)
    first = threading.Thread(target=group)
    first.start()
    assert begun.wait(10)
    others = [threading.Thread(target=group) for _ in range(5)]
    for one in others:
        one.start()
    while group._asked < 6:
        pass
    go_on.set()
    for one in [first, *others]:
        one.join()
    assert count == 2, "one that was running, and one for the five that came meanwhile"
