from __future__ import annotations

import os
import re
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest
import simplejpeg

from receiver.encode import to_jpeg
from receiver.store import Store

AT = datetime(2026, 7, 1, 22, 30, 0, 0, UTC)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path, ZoneInfo("Europe/Berlin"))


def test_it_names_files_as_imagehub_did_in_the_sites_time_with_six_digits(store: Store, tmp_path: Path) -> None:
    stored = store.write("Garage", "North cam", AT, b"picture")
    assert stored.path == "images/2026-07-02/Garage-North-cam-2026-07-02T00.30.00.000000.jpg"
    assert (tmp_path / stored.path).read_bytes() == b"picture"


def test_it_leaves_out_a_view_that_is_not_there(store: Store) -> None:
    assert store.write("Garage", "", AT, b"x").path.endswith("/Garage-2026-07-02T00.30.00.000000.jpg")


def test_it_never_overwrites_a_picture(store: Store, tmp_path: Path) -> None:
    paths = [store.write("Garage", "cam", AT, str(n).encode()).path for n in range(3)]
    assert [path[-10:] for path in paths] == ["000000.jpg", "000001.jpg", "000002.jpg"]
    assert [(tmp_path / path).read_bytes() for path in paths] == [b"0", b"1", b"2"]


def test_it_leaves_no_part_behind_when_the_disk_is_full(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("receiver.store.os.fsync", full)
        store_folder = tmp_path / "images" / "2026-07-02"
        store_folder.mkdir()
        with pytest.raises(OSError, match="No space left"):
            store.write("Garage", "cam", AT, b"x")
    assert list(store_folder.iterdir()) == []
    assert store.write("Garage", "cam", AT, b"x").path.endswith("000000.jpg")


def test_it_removes_old_parts_and_nothing_else(store: Store, tmp_path: Path) -> None:
    kept = store.write("Garage", "cam", AT, b"x")
    folder = (tmp_path / kept.path).parent
    old, young = folder / ".a.jpg.part", folder / ".b.jpg.part"
    old.touch()
    young.touch()
    os.utime(old, (0, 0))
    assert store.remove_leftovers() == 1
    assert sorted(path.name for path in folder.iterdir()) == [".b.jpg.part", Path(kept.path).name]


@pytest.mark.parametrize(("shape", "grey"), [((20, 31, 1), True), ((20, 31, 3), False), ((20, 31, 4), False)])
def test_it_encodes_raw_pixels_with_their_colours(shape: tuple[int, int, int], grey: bool) -> None:
    pixels = np.zeros(shape, np.uint8)
    pixels[..., 0] = 200  # blue
    jpeg = to_jpeg(pixels.tobytes(), shape)
    decoded = simplejpeg.decode_jpeg(jpeg, "GRAY" if grey else "BGR")
    assert decoded.shape[:2] == (20, 31)
    assert abs(int(decoded[10, 10, 0]) - 200) < 6
    assert grey or int(decoded[10, 10, 2]) < 6


def test_its_files_carry_no_time_zone_mark(store: Store) -> None:
    assert re.fullmatch(r"[\w./-]+", store.write("a", "b", AT, b"x").path)
