"""A running site backed up, and brought back into an empty one."""

from __future__ import annotations

import gzip
import hashlib
import shutil
from pathlib import Path

import imagezmq
import numpy as np
import pytest

from tests.harness import DRIVES, Installation, eventually, installation, manage, private_env
from tests.isolation import DATA_DIR


def backup(site: Installation, folder: Path, *options: str) -> str:
    done = manage(site.env, "backup", str(folder), *options)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture
def empty(tmp_path: Path) -> dict[str, str]:
    """The environment of a system on which nothing ever ran."""
    folder = tmp_path / "new"
    folder.mkdir()
    (folder / "models").symlink_to(DATA_DIR / "models")
    return private_env(folder)


@pytest.fixture(scope="module")
def saved(running: Installation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of the running site, made in two snapshots."""
    folder = tmp_path_factory.mktemp("backup") / "site"
    with imagezmq.ImageSender(connect_to=running.receiver) as sender:
        assert sender.send_image("gate|Temp|21.5 C", np.zeros((3, 3, 3), np.uint8)) == b"OK"
    for picture in DRIVES[:2]:
        running.send("gate Driveway|jpg", picture.read_bytes())
    eventually(lambda: running.looked_at() == 2, 120)
    assert "4 pictures and thumbnails" in backup(running, folder)
    running.send("gate Driveway|jpg", DRIVES[2].read_bytes())
    eventually(lambda: running.looked_at() == 3, 120)
    backup(running, folder)
    return folder


def test_everything_comes_back_into_an_empty_system(
    running: Installation, saved: Path, empty: dict[str, str], tmp_path: Path
) -> None:
    done = manage(empty, "restore", str(saved))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Everything is back" in done.stdout and "6 pictures and thumbnails" in done.stdout
    new = Path(empty["DATA_DIR"])
    for kind in ("images", "thumbnails"):
        there = {file.relative_to(running.folder): file.read_bytes() for file in (running.folder / kind).rglob("*.jpg")}
        assert {file.relative_to(new): file.read_bytes() for file in (new / kind).rglob("*.jpg")} == there
    assert (new / "secret_key").read_text() == (running.folder / "secret_key").read_text()
    with installation(new, empty) as again:
        status, before = again.status(), running.status()
        kept = ("images", "events", "detection_runs", "detections", "recognition_runs", "plate_readings", "sightings")
        assert {name: status[name] for name in kept} == {name: before[name] for name in kept}
        assert not any("password" in line for line in again.banner), "the administrator is there already"


def test_only_what_is_new_is_copied_and_damage_is_found_and_mended(running: Installation, saved: Path) -> None:
    copies = {file: file.stat().st_mtime_ns for file in saved.glob("images/*/*.jpg")}
    inodes = {file: file.stat().st_ino for file in copies}
    backup(running, saved)
    assert {file: file.stat().st_ino for file in copies} == inodes
    victim = min(copies)
    data = victim.read_bytes()
    victim.write_bytes(bytes(len(data)))
    done = manage(running.env, "backup", str(saved), "--verify")
    assert done.returncode == 1 and f"{victim.relative_to(saved)} is damaged" in done.stdout
    backup(running, saved)
    assert hashlib.sha256(victim.read_bytes()).digest() == hashlib.sha256(data).digest()
    assert "0 damaged" in backup(running, saved, "--verify")


def test_a_damaged_picture_is_not_put_in_place(saved: Path, empty: dict[str, str], tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    shutil.copytree(saved, broken)
    victim = min(broken.glob("images/*/*.jpg"))
    victim.write_bytes(b"no picture")
    done = manage(empty, "restore", str(broken))
    path = victim.relative_to(broken)
    assert done.returncode == 1 and f"{path} is gone or damaged" in done.stdout
    assert not (Path(empty["DATA_DIR"]) / path).exists()


def test_it_restores_into_nothing_but_an_empty_system(running: Installation, saved: Path) -> None:
    done = manage(running.env, "restore", str(saved))
    assert done.returncode == 2 and "already runs" in done.stderr


def test_old_snapshots_are_pruned_with_the_pictures_that_only_they_had(
    running: Installation, saved: Path, tmp_path: Path
) -> None:
    place = tmp_path / "pruned"
    shutil.copytree(saved, place)
    newest = max(place.glob("snapshots/*"))
    files = gzip.decompress((newest / "files.txt.gz").read_bytes()).decode().splitlines()
    victim = next(path for path in files if path.startswith("images/"))
    (newest / "files.txt.gz").write_bytes(gzip.compress("".join(f"{one}\n" for one in files if one != victim).encode()))
    (place / "snapshots" / "20260101T000000Z.part").mkdir()
    from ingest.backup.making import prune
    from ingest.backup.place import Place

    gone, removed = prune(Place(place), 1)
    assert (len(gone) + 1, removed) == (len(list(saved.glob("snapshots/*"))), 1)
    assert not (place / victim).exists() and [one.name for one in place.glob("snapshots/*")] == [newest.name]


def test_a_folder_of_something_else_and_no_backup_are_refused(running: Installation, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear")
    for command, said in (("backup", "holds other files"), ("restore", "no backup")):
        env = running.env if command == "backup" else private_env(tmp_path / "new")
        done = manage(env, command, str(tmp_path))
        assert done.returncode == 2 and said in done.stderr, done.stderr
