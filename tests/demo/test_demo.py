"""`make demo ONCE=1` says whether what it promises was found."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

from tests.harness import PICTURES, ROOT, private_env
from tests.isolation import DATA_DIR


def run_demo(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    folder.mkdir(exist_ok=True)
    if not (folder / "models").exists():
        (folder / "models").symlink_to(DATA_DIR / "models")
    command = [sys.executable, "-m", "demo", "--once", *arguments]
    return subprocess.run(command, cwd=ROOT, env=private_env(folder), capture_output=True, text=True, timeout=300)


def test_it_finds_everything_and_can_be_run_again(tmp_path: Path) -> None:
    for _ in range(2):
        done = run_demo(tmp_path / "data")
        assert done.returncode == 0, done.stdout
        assert done.stdout.count("plate KV482BT") == 8
        assert "9 pictures of 2 cameras: everything was found" in done.stdout
        assert "Traceback" not in done.stdout + done.stderr


def test_wrong_pictures_make_it_fail(tmp_path: Path) -> None:
    pictures = tmp_path / "pictures"
    shutil.copytree(PICTURES, pictures)
    shutil.copy(pictures / "front34_white.jpg", pictures / "drive_3.jpg")
    done = run_demo(tmp_path / "data", "--pictures", str(pictures))
    assert done.returncode == 1
    assert "drive_3.jpg: plate KV482BT, read 7HRZ319" in done.stdout


def test_it_names_a_missing_fixture(tmp_path: Path) -> None:
    done = run_demo(tmp_path / "data", "--pictures", str(tmp_path))
    assert done.returncode == 2
    assert "expected.json" in done.stdout


def test_the_fixture_expects_what_the_pictures_show() -> None:
    expected = json.loads((PICTURES / "expected.json").read_text())
    assert [camera["plate"] for camera in expected["cameras"].values()] == ["KV482BT", "7HRZ319"]
    assert len(expected["cameras"]["gate Driveway"]["pictures"]) == 8
