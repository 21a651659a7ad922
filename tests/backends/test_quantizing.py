"""INT8: really made from the sample pictures, compared, and used only where it is good enough."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from io import StringIO
from pathlib import Path

import cv2
import numpy as np
import pytest
from rich.console import Console

import environment
from detections import catalogue, detectors, modelfiles, precision
from detections.detectors.base import Detector
from detections.detectors.labels import LABELS
from detections.modelfiles import ModelProblem
from detections.picture import Picture
from detections.precision import Record
from detections.quantizing import accuracy, making, samples
from environment import Environment
from tests.backends.conftest import PICTURES
from tests.backends.test_detectors import iou

CAR = LABELS.index("car")


def quiet() -> Console:
    return Console(file=StringIO())


@pytest.fixture(scope="session")
def labelled(tmp_path_factory: pytest.TempPathFactory, detector: Detector) -> Path:
    """The sample pictures, labelled with the car that f32 sees best."""
    folder = tmp_path_factory.mktemp("labelled")
    for name in ("images", "labels"):
        (folder / name).mkdir()
    for path in PICTURES[:4]:
        shutil.copy(path, folder / "images")
        picture = Picture.read(path)
        x1, y1, x2, y2 = detector.detect(picture, 0.5)[0].box
        middle = (x1 + x2) / 2 / picture.width, (y1 + y2) / 2 / picture.height
        size = (x2 - x1) / picture.width, (y2 - y1) / picture.height
        text = " ".join(str(part) for part in (CAR, *middle, *size))
        (folder / "labels" / f"{path.stem}.txt").write_text(f"{text}\n")
    return folder


@pytest.fixture(scope="session")
def quantized(
    model_env: Environment, labelled: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Environment, Record]:
    """A data folder where INT8 was made from few variations, once for all tests."""
    env = replace(model_env, data_dir=tmp_path_factory.mktemp("int8"))
    env.models_dir.mkdir()
    for suffix in (".xml", ".bin"):
        file = modelfiles.converted_ssd(model_env).with_suffix(suffix)
        (env.models_dir / file.name).symlink_to(file)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(samples, "VARIATIONS", 10)
        return env, making.quantize(env, samples.choose(env.images_dir, 300), labelled, quiet())


def use(env: Environment, record: Record, **facts: float) -> Environment:
    """The data folder with those facts in its record."""
    precision.write_record(env, replace(record, **facts))  # type: ignore[arg-type]
    return env


@pytest.fixture
def good(quantized: tuple[Environment, Record]) -> Environment:
    env, record = quantized
    return use(env, record, ap_f32=0.9, ap_int8=0.9, ms_f32=30, ms_int8=10)


def test_it_makes_what_finds_the_same_car(good: Environment, detector: Detector) -> None:
    int8 = detectors.create("openvino-ssd", good)
    for path in PICTURES:
        picture = Picture.read(path)
        one, other = int8.detect(picture, 0.5)[0], detector.detect(picture, 0.5)[0]
        assert one.label == other.label == "car"
        assert iou(one, other) > 0.85
        assert abs(one.score - other.score) < 0.1


def test_it_records_how_it_compares(quantized: tuple[Environment, Record]) -> None:
    env, record = quantized
    assert record.agreement == record.sample_agreement > precision.LEAST_SAMPLE_AGREEMENT
    assert record.ap_f32 is not None
    assert record.ap_f32 > 0.8
    assert record.ap_loss is not None
    assert abs(record.ap_loss) < 0.2
    assert record.ms_f32 > 0
    assert record.ms_int8 > 0
    assert record.source == "the sample pictures"
    assert (record.pictures, record.compared) == (6 * 11, 3 * 11 + 4)
    assert precision.network_file(env, record.digest).exists()


def test_its_version_tells_it_from_f32(good: Environment, quantized: tuple[Environment, Record]) -> None:
    int8 = detectors.create("openvino-ssd", good)
    f32 = detectors.create("openvino-ssd", replace(good, detector_precision="f32"))
    assert f32.version == modelfiles.SSD_GRAPH.sha256[:12]
    assert int8.version == f"{f32.version}-int8-{quantized[1].digest}"


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"ap_int8": 0.88}, "it loses 0.020 of AP"),
        ({"ap_f32": None, "ap_int8": None, "agreement": 0.6}, "agree with those of f32 by 0.600"),
        ({"ap_f32": None, "ap_int8": None, "sample_agreement": 0.9}, "by 0.900 on the sample pictures"),
        ({"ms_int8": 31.0}, "not faster on this processor"),
    ],
)
def test_f32_stays_where_it_is_not_good_enough(
    facts: dict[str, float], why: str, good: Environment, quantized: tuple[Environment, Record]
) -> None:
    use(good, quantized[1], **({"ap_f32": 0.9, "ap_int8": 0.9, "ms_f32": 30.0, "ms_int8": 10.0} | facts))
    said: list[str] = []
    precision.prepare(good, said.append)
    assert why in "".join(said)
    assert precision.chosen(good) is None
    assert precision.chosen(replace(good, detector_precision="int8")) is not None


def test_int8_without_one_says_what_to_run(model_env: Environment) -> None:
    asked = replace(model_env, detector_precision="int8")
    assert precision.chosen(model_env) is None
    with pytest.raises(ModelProblem, match="models quantize"):
        detectors.create("openvino-ssd", asked)
    assert "models quantize" in "".join(precision.problems(asked))


@pytest.mark.parametrize("damage", ["{", "{}", "[1]"])
def test_a_damaged_record_is_named(damage: str, good: Environment) -> None:
    file = precision.record_file(good)
    file.write_text(damage)
    with pytest.raises(ModelProblem, match=file.name):
        precision.chosen(good)


def test_a_network_that_is_gone_is_named(good: Environment, quantized: tuple[Environment, Record]) -> None:
    use(good, replace(quantized[1], digest="0" * 12))
    with pytest.raises(ModelProblem, match="is gone"):
        precision.chosen(good)


def test_one_that_was_made_for_another_release_is_not_used(good: Environment, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(modelfiles, "SSD_CONVERSION", modelfiles.SSD_CONVERSION + 1)
    monkeypatch.setattr(modelfiles, "prepare", lambda *_: None)
    said: list[str] = []
    precision.prepare(good, said.append)
    assert precision.chosen(good) is None
    assert "another release" in "".join(said)


@pytest.mark.parametrize("given", [0, 5])
def test_as_many_processes_as_suit_the_precision(
    given: int, good: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 4)
    env = replace(good, detect_processes=given)
    assert precision.processes(env) == (given or 4)
    assert precision.processes(replace(env, detector_precision="f32")) == (given or 2)


def run(env: Environment, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "manage.py", "models", "quantize", *arguments],
        cwd=environment.BASE_DIR,
        env={**os.environ, "DATA_DIR": str(env.data_dir), "COLUMNS": "200"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        preexec_fn=heed_interrupts,  # noqa: PLW1509  no thread of these tests holds a lock
    )


def heed_interrupts() -> None:
    """A shell has what it runs in the background ignore SIGINT, and children inherit that."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGKILL])
def test_what_was_stopped_leaves_what_was_there(sign: signal.Signals, good: Environment) -> None:
    before = precision.record_file(good).read_text()
    process = run(good)
    deadline = time.monotonic() + 100
    while not (good.models_dir / "unfinished.xml").exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    process.send_signal(sign)
    said, _ = process.communicate(timeout=60)
    assert process.returncode != 0
    assert "Traceback" not in said
    assert precision.record_file(good).read_text() == before
    assert detectors.create("openvino-ssd", good).detect(Picture.read(PICTURES[0]), 0.5)


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("--pictures", "/no/such"), "is not a folder"),
        (("--count", "3"), "is not a number from 30 to 5000"),
        (("--pictures", "demo/pictures"), "has 9 JPEG pictures, at least 30"),
        (("--labelled", "demo/pictures"), "wants the folders images and labels"),
    ],
)
def test_it_says_what_it_wants(arguments: tuple[str, str], why: str, good: Environment) -> None:
    said, _ = run(good, *arguments).communicate(timeout=100)
    assert why in said
    assert "Traceback" not in said


def test_it_says_what_to_install(good: Environment, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nncf", None)
    with pytest.raises(ModelProblem, match=r"pip install -r requirements/quantize\.txt"):
        making.quantize(good, samples.choose(good.images_dir, 300), None, quiet())


def test_a_label_that_cannot_be_is_named(labelled: Path, good: Environment, tmp_path: Path) -> None:
    shutil.copytree(labelled, tmp_path / "wrong")
    file = next((tmp_path / "wrong" / "labels").iterdir())
    file.write_text("80 0.5 0.5 0.1 0.1\n")
    with pytest.raises(ValueError, match=f"{file.name}.*80 0.5"):
        list(accuracy.labelled(tmp_path / "wrong"))


@pytest.fixture
def own(tmp_path: Path) -> Callable[[str, int], Path]:
    def write(name: str, day: int) -> Path:
        file = tmp_path / f"2026-11-{day:02}" / name
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(cv2.imencode(".jpg", np.zeros((48, 64, 3), np.uint8))[1].tobytes())
        return file

    return write


def test_it_takes_pictures_of_all_cameras_and_times(own: Callable[[str, int], Path], tmp_path: Path) -> None:
    for day in (20, 21):
        for number in range(40):
            own(f"gate-Driveway-2026-11-{day}T08.00.{number:02}.000000.jpg", day)
    for hour in (3, 12):
        own(f"yard-Barn-2026-11-20T{hour:02}.00.00.000000.jpg", 20)
    chosen = samples.choose(tmp_path, 33)
    paths = [*chosen.made_from, *chosen.compared]
    assert len(paths) == len(set(paths)) == 33
    assert sum("Barn" in path.name for path in paths) == 2
    assert all(path.parent.name == "2026-11-21" for path in paths if "gate" in path.name)
    assert len(chosen.compared) == 11
    assert str(tmp_path) in chosen.source


def test_with_few_pictures_it_takes_the_samples(own: Callable[[str, int], Path], tmp_path: Path) -> None:
    own("gate-Driveway-2026-11-20T08.00.00.000000.jpg", 20)
    chosen = samples.choose(tmp_path, 300)
    assert (chosen.made_from, chosen.compared, chosen.source) == ([], [], "the sample pictures")
    ours = samples.of_samples()
    assert sorted([*ours.made_from, *ours.compared]) == PICTURES


def test_agreement_is_one_with_itself_and_less_with_less() -> None:
    boxes = [accuracy.Object(n, n % 3, (n, n, n + 20.0, n + 30.0), 0.9) for n in range(10)]
    assert accuracy.agreement(boxes, boxes) == pytest.approx(1)
    assert accuracy.agreement(boxes[:5], boxes) == pytest.approx(0.5, abs=0.01)
    other = [one._replace(label=7) for one in boxes]
    assert accuracy.agreement(other, boxes) == 0


def test_ap_is_the_mean_over_labels() -> None:
    truth = [
        accuracy.Object(0, 1, (0, 0, 9, 9)),
        accuracy.Object(0, 2, (20, 20, 40, 40)),
        accuracy.Object(1, 2, (0, 0, 9, 9)),
    ]
    found = [one._replace(score=0.8) for one in truth]
    assert accuracy.average_precision(found, truth) == pytest.approx(1)
    assert accuracy.average_precision(found[1:], truth) == pytest.approx(0.5)


def test_the_record_is_readable_by_people(good: Environment) -> None:
    facts = json.loads(precision.record_file(good).read_text())
    assert {"agreement", "ap_f32", "ap_int8", "ms_f32", "ms_int8", "source", "made_at"} <= set(facts)


def test_both_precisions_are_listed(good: Environment, quantized: tuple[Environment, Record]) -> None:
    f32, int8 = (one for one in catalogue.entries(good) if one.name == "openvino-ssd")
    assert [(one.precision, one.chosen, one.problem) for one in (f32, int8)] == [("f32", False, ""), ("INT8", True, "")]
    assert precision.network_file(good, quantized[1].digest) in int8.files
    f32, int8 = (
        one for one in catalogue.entries(use(good, quantized[1], ap_int8=0.5, ap_f32=0.9)) if "openvino" in one.name
    )
    assert (f32.chosen, int8.chosen) == (True, False)
    assert "of AP" in int8.problem
    precision.record_file(good).write_text("{")
    f32, int8 = (one for one in catalogue.entries(good) if one.name == "openvino-ssd")
    assert precision.record_file(good).name in int8.problem
