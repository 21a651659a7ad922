from __future__ import annotations

import errno
import os
import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from receiver.store import Store, path_of
from receiver.written import Hidden, Unnamed, Written, kind_for

AT = datetime(2026, 7, 1, 22, 30, 0, 0, UTC)


@pytest.fixture(params=[Unnamed, Hidden])
def store(tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Store:
    """As on file systems that have files without a name, and as on those that have none."""
    monkeypatch.setattr("receiver.store.kind_for", lambda _path: request.param)
    return Store(tmp_path, ZoneInfo("Europe/Berlin"))


def kept(store: Store, node: str, view: str, jpeg: bytes) -> str:
    return path_of(committed(store.open(node, view, AT), jpeg))


def committed(written: Written, jpeg: bytes) -> Written:
    written.fill(jpeg)
    written.commit()
    written.folder.sync()
    return written


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_it_names_files_as_imagehub_did_in_the_sites_time_with_six_digits(store: Store, tmp_path: Path) -> None:
    path = kept(store, "Garage", "North cam", b"picture")
    assert path == "images/2026-07-02/Garage-North-cam-2026-07-02T00.30.00.000000.jpg"
    assert (tmp_path / path).read_bytes() == b"picture"
    assert (tmp_path / path).stat().st_mode & 0o777 == 0o644


def test_it_leaves_out_a_view_that_is_not_there(store: Store) -> None:
    assert kept(store, "Garage", "", b"x").endswith("/Garage-2026-07-02T00.30.00.000000.jpg")


def test_its_files_carry_no_time_zone_mark(store: Store) -> None:
    assert re.fullmatch(r"[\w./-]+", kept(store, "a", "b", b"x"))


def test_it_never_overwrites_a_picture(store: Store, tmp_path: Path) -> None:
    paths = [kept(store, "Garage", "cam", str(n).encode()) for n in range(3)]
    assert [path[-10:] for path in paths] == ["000000.jpg", "000001.jpg", "000002.jpg"]
    assert [(tmp_path / path).read_bytes() for path in paths] == [b"0", b"1", b"2"]


def test_pictures_of_one_batch_do_not_get_one_name(store: Store, tmp_path: Path) -> None:
    batch = [store.open("Garage", "cam", AT) for _ in range(3)]
    for number, written in enumerate(batch):
        committed(written, str(number).encode())
    assert len(files(tmp_path)) == 3
    assert sorted((tmp_path / path_of(written)).read_bytes() for written in batch) == [b"0", b"1", b"2"]


def test_nothing_has_a_pictures_name_before_all_of_it_is_on_disk(store: Store, tmp_path: Path) -> None:
    written = store.open("Garage", "cam", AT)
    written.fill(b"x")
    assert not [name for name in files(tmp_path) if name.endswith(".jpg")]
    written.discard()
    assert files(tmp_path) == []


def test_a_committed_picture_can_be_taken_back(store: Store, tmp_path: Path) -> None:
    committed(store.open("Garage", "cam", AT), b"x").discard()
    assert files(tmp_path) == []


@pytest.mark.parametrize("call", ["receiver.written.os.write", "receiver.written.Unnamed.sync"])
def test_it_leaves_nothing_behind_when_the_disk_is_full(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(call, full)
        patched.setattr("receiver.written.os.fsync", full)
        with pytest.raises(OSError, match="No space left"):
            attempt(store)
    assert files(tmp_path) == []
    assert kept(store, "Garage", "cam", b"x").endswith("000000.jpg")


def attempt(store: Store) -> None:
    written = store.open("Garage", "cam", AT)
    try:
        written.fill(b"x")
    except OSError:
        written.discard()
        raise


def test_it_makes_a_folder_anew_that_somebody_deleted_or_renamed(store: Store, tmp_path: Path) -> None:
    first = tmp_path / kept(store, "Garage", "cam", b"x")
    first.unlink()
    first.parent.rmdir()
    second = tmp_path / kept(store, "Garage", "cam", b"x")
    assert second.exists()
    second.parent.rename(tmp_path / "archive")
    assert (tmp_path / kept(store, "Garage", "cam", b"x")).exists()


def test_it_removes_old_parts_and_nothing_else(store: Store, tmp_path: Path) -> None:
    picture = tmp_path / kept(store, "Garage", "cam", b"x")
    old, young = picture.parent / ".a.jpg.part", picture.parent / ".b.jpg.part"
    old.touch()
    young.touch()
    os.utime(old, (0, 0))
    assert store.remove_leftovers() == 1
    assert files(tmp_path) == [".b.jpg.part", picture.name]


def test_on_ext4_the_folders_of_days_lie_apart(store: Store, tmp_path: Path) -> None:
    kept(store, "Garage", "cam", b"x")
    listed = subprocess.run(["lsattr", "-d", tmp_path / "images"], capture_output=True, text=True, check=False)
    kind = subprocess.run(["stat", "-fc", "%T", tmp_path], capture_output=True, text=True, check=True).stdout
    assert kind.strip() != "ext2/ext3" or "T" in listed.stdout.split()[0]


def test_it_finds_out_what_the_file_system_can_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert found(tmp_path) is Unnamed
    real = os.open

    def without(path: Any, flags: int, *rest: Any, **more: Any) -> int:
        if flags & os.O_TMPFILE == os.O_TMPFILE:
            raise OSError(errno.EOPNOTSUPP, "Operation not supported")
        return real(path, flags, *rest, **more)

    monkeypatch.setattr(os, "open", without)
    assert found(tmp_path) is Hidden


def found(folder: Path) -> type[Written]:
    kind = kind_for(folder)
    assert files(folder) == []
    return kind
