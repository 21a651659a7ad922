"""`manage.py models`, as a person uses it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from environment import BASE_DIR
from tests.backends import graphs

Manage = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def manage(data_dir: Path) -> Manage:
    def run(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "manage.py", "models", *arguments],
            cwd=BASE_DIR,
            env={**os.environ, "COLUMNS": "160", **settings},
            capture_output=True,
            text=True,
        )

    return run


@pytest.fixture
def garden(data_dir: Path) -> Path:
    """A network that sees a gnome everywhere."""
    (data_dir / "garden.txt").write_text("gnome\nfox\nhedgehog\n")
    logits = np.array([[0.9, 0, 0], [0, 0.1, 0]], np.float32)
    boxes = np.array([[10, 20, 300, 400], [0, 0, 9, 9]], np.float32)
    return graphs.picking_deim(data_dir / "garden.onnx", logits, boxes)


def test_list_shows_each_model_where_it_lies_and_which_is_chosen(manage: Manage, garden: Path) -> None:
    done = manage("list", DETECTOR=str(garden))
    assert done.returncode == 0, done.stderr
    rows = {line.replace("●", " ").split()[0]: line for line in done.stdout.splitlines()[1:5]}
    assert set(rows) == {"openvino-ssd", "opencv-ssd", "deimv2-femto", str(garden)}
    assert "SSD MobileNet v2" in rows["openvino-ssd"] and "Apache-2.0" in rows["openvino-ssd"]
    assert rows[str(garden)].startswith("●") and "RT-DETR" in rows[str(garden)] and "bytes" in rows[str(garden)]
    assert "frozen_inference_graph.pb" in done.stdout
    assert "is missing: run python manage.py models fetch deimv2-femto" in done.stdout


def test_list_shows_what_keeps_a_file_from_being_used(manage: Manage, data_dir: Path) -> None:
    (data_dir / "broken.onnx").write_bytes(b"nothing")
    done = manage("list", DETECTOR=str(data_dir / "broken.onnx"))
    assert done.returncode == 0
    assert f"{data_dir / 'broken.onnx'} cannot be read" in done.stdout


def test_check_looks_at_a_picture_of_the_demo(manage: Manage, garden: Path) -> None:
    done = manage("check")
    assert "front34_white.jpg and found car 0." in done.stdout, done.stderr
    done = manage("check", str(garden))
    assert "is yours" in done.stdout and "3 labels, gnome, fox, hedgehog" in done.stdout
    assert "found gnome 0.90 at (10, 20) to (300, 400)" in done.stdout


@pytest.mark.parametrize(
    ("model", "said"),
    [
        ("deimv2-femto", "run python manage.py models fetch deimv2-femto"),
        ("/nowhere/x.onnx", "/nowhere/x.onnx is missing"),
        ("yolo.pt", "or the path of a .onnx file"),
    ],
)
def test_check_says_what_is_missing(manage: Manage, model: str, said: str) -> None:
    done = manage("check", model)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr and "Traceback" not in done.stderr


def test_bench_times_each_installed_model_and_suggests_one(manage: Manage, garden: Path) -> None:
    done = manage("bench", "--rounds", "1", DETECTOR=str(garden))
    assert done.returncode == 0, done.stderr
    for name in ("openvino-ssd", "opencv-ssd", str(garden)):
        (row,) = [
            line.replace("●", " ").split()
            for line in done.stdout.splitlines()
            if f"{name} " in line and " f32 " in line
        ]
        assert float(row[2]) > 0 and float(row[3]) > 0
    assert "Suggested: openvino-ssd in f32." in done.stdout  # the exactness of the garden's is not known
    assert "set DETECTOR=openvino-ssd in .env" in done.stdout
    assert "models fetch deimv2-femto" in done.stdout


def test_fetch_knows_what_can_be_fetched(manage: Manage) -> None:
    done = manage("fetch", "yolo11n")
    assert done.returncode == 2 and "'deimv2-femto'" in done.stderr


def test_prepare_refuses_a_file_of_no_known_kind(manage: Manage, data_dir: Path) -> None:
    (data_dir / "broken.onnx").write_bytes(b"nothing")
    done = manage("prepare", DETECTOR=str(data_dir / "broken.onnx"))
    assert done.returncode == 2 and "cannot be read" in done.stderr
    assert manage("prepare").returncode == 0
