"""Only pictures and their copies are removed, and nothing outside of DATA_DIR, whatever links lie in the way."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ingest import unlinking

DAY = "images/2020-01-01"


@pytest.fixture
def outside(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder elsewhere, whose files have the names of pictures."""
    folder = tmp_path_factory.mktemp("outside")
    for name in "ab":
        (folder / f"{name}.jpg").write_bytes(b"precious")
    return folder


def precious(outside: Path) -> bool:
    return [file.read_bytes() for file in outside.iterdir()] == [b"precious"] * 2


def write(root: Path, day: str = DAY) -> None:
    for kind in unlinking.KINDS:
        folder = root / day.replace("images", kind)
        folder.mkdir(parents=True, exist_ok=True)
        for name in "ab":
            (folder / f"{name}.jpg").write_bytes(b"ours")


def test_a_picture_goes_with_its_copies_and_nothing_else(tmp_path: Path) -> None:
    write(tmp_path)
    assert unlinking.remove_pictures(tmp_path, [f"{DAY}/a.jpg", f"{DAY}/gone.jpg", "images/2019-01-01/a.jpg"]) == 3
    assert {file.name for file in tmp_path.rglob("*.jpg")} == {"b.jpg"}


@pytest.mark.parametrize("kind", ["images", "thumbnails", "previews"])
def test_a_folder_that_is_a_link_is_not_entered(tmp_path: Path, outside: Path, kind: str) -> None:
    write(tmp_path)
    day = tmp_path / kind / "2020-01-01"
    day.rename(tmp_path / "moved")
    day.symlink_to(outside)
    assert unlinking.remove_pictures(tmp_path, [f"{DAY}/a.jpg"]) == 2
    assert precious(outside) and (tmp_path / "moved/a.jpg").exists()


def test_a_file_that_is_a_link_stays_and_so_does_what_it_leads_to(
    tmp_path: Path, outside: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write(tmp_path)
    link = tmp_path / DAY / "a.jpg"
    link.unlink()
    link.symlink_to(outside / "a.jpg")
    unlinking.remove_pictures(tmp_path, [f"{DAY}/a.jpg"])
    assert precious(outside) and link.is_symlink()
    assert f"{link} is a link and is not removed" in caplog.text


def test_a_link_put_in_the_folders_place_meanwhile_leads_nowhere(
    tmp_path: Path, outside: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path)
    original, day = unlinking._remove_one, tmp_path / DAY

    def swapping(*arguments: Any) -> bool:
        if not day.is_symlink():  # the folder was looked at and found to be one
            day.rename(tmp_path / "moved")
            day.symlink_to(outside)
        return original(*arguments)

    monkeypatch.setattr(unlinking, "_remove_one", swapping)
    assert unlinking.remove_pictures(tmp_path, [f"{DAY}/a.jpg", f"{DAY}/b.jpg"]) == 6
    assert precious(outside) and not list((tmp_path / "moved").iterdir())


@pytest.mark.parametrize(
    "path", ["images/../outside/a.jpg", "/etc/a.jpg", "logs/a.jpg", "images", "", "images/2020-01-01/.."]
)
def test_what_is_no_path_of_a_picture_is_refused(tmp_path: Path, path: str, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/a.jpg").write_bytes(b"precious")
    assert unlinking.remove_pictures(tmp_path, [path]) == 0
    assert (tmp_path / "outside/a.jpg").exists() and "is not removed" in caplog.text
