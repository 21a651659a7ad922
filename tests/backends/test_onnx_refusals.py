"""Files and labels that cannot be used are named, with what to do."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from onnx import TensorProto, helper

from detections import detectors, modelfiles
from detections.detectors.label_files import chosen_label, labels_of, read_labels
from detections.detectors.labels import LABELS
from detections.modelfiles import ModelProblem
from environment import Environment
from tests.backends import graphs
from tests.backends.test_onnx_families import yolo_rows, yolox_rows


def refusal(env: Environment, path: Path) -> str:
    with pytest.raises(ModelProblem) as problem:
        detectors.create(str(path), replace(env, detector=str(path)))
    line = str(problem.value)
    assert "\n" not in line
    return line


def test_it_names_the_outputs_seen_and_what_is_understood(model_env: Environment, tmp_path: Path) -> None:
    path = tmp_path / "classifier.onnx"
    nodes = [graphs.means(), helper.make_node("Flatten", ["means"], ["logits"])]
    graphs.save(path, nodes, {"logits": (TensorProto.FLOAT, [1, 3])}, {})
    line = refusal(model_env, path)
    assert "its outputs are logits 1x3" in line
    for understood in ("1xNx(5+classes)", "1x(4+classes)xN", "labels 1xN of whole numbers", "orig_target_sizes"):
        assert understood in line


def test_it_names_inputs_that_are_no_picture(model_env: Environment, tmp_path: Path) -> None:
    node = helper.make_node("Identity", ["images"], ["same"])
    path = graphs.save(tmp_path / "a.onnx", [node], {"same": (TensorProto.FLOAT, [1, 16])}, {}, (1, 16))
    assert "its inputs are images 1x16, wanted is one of 1x3xHxW" in refusal(model_env, path)


@pytest.mark.parametrize("content", [b"", b"not a network at all", b"\x08\x09\x3a\xff\xff\xff"])
def test_it_says_when_a_file_is_no_onnx(model_env: Environment, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.onnx"
    path.write_bytes(content)
    line = refusal(model_env, path)
    assert str(path) in line and "set DETECTOR to another" in line


def test_a_missing_file_stops_the_start_with_the_mend(model_env: Environment, tmp_path: Path) -> None:
    env = replace(model_env, detector=str(tmp_path / "gone.onnx"))
    (line,) = modelfiles.problems(env)
    assert "gone.onnx is missing: put the model there or set DETECTOR to another" in line
    with pytest.raises(ModelProblem, match=r"gone\.onnx is missing"):
        detectors.prepare(env)


def test_what_is_not_fetched_stops_the_start_with_the_mend(unprepared: Environment) -> None:
    (line,) = modelfiles.problems(replace(unprepared, detector="deimv2-femto"))
    assert "run python manage.py models fetch deimv2-femto" in line


def test_a_fetched_file_that_was_altered_is_not_used(unprepared: Environment) -> None:
    file = modelfiles.onnx_file("deimv2-femto", unprepared)
    assert file is not None
    file.place.parent.mkdir(parents=True)
    file.place.write_bytes(b"something else")
    with pytest.raises(ModelProblem, match=r"expected c6ad358f7501\.\.\.: run python manage\.py models fetch"):
        detectors.create("deimv2-femto", unprepared)


def test_a_start_is_stopped_by_a_file_of_no_known_kind(model_env: Environment, tmp_path: Path) -> None:
    path = tmp_path / "a.onnx"
    path.write_bytes(b"no network")
    with pytest.raises(ModelProblem, match="cannot be read"):
        detectors.prepare(replace(model_env, detector=str(path)))


def test_scores_that_are_no_probabilities_are_refused(model_env: Environment, tmp_path: Path) -> None:
    (tmp_path / "labels.txt").write_text("a\nb\nc")
    path = graphs.yolo(tmp_path / "a.onnx", yolo_rows((0, (20, 20, 20, 20), 1, -7.5)), seen_at=1)
    assert "gives scores from -7.5 to" in refusal(model_env, path)
    path = graphs.yolox(tmp_path / "b.onnx", yolox_rows((0, (20, 20, 20, 20), 4.5, 1, 1)), seen_at=1)
    assert "to 4.5, wanted are 0 to 1" in refusal(model_env, path)


def test_boxes_as_parts_of_the_picture_are_refused(model_env: Environment, tmp_path: Path) -> None:
    (tmp_path / "labels.txt").write_text("a\nb\nc")
    rows = yolo_rows()
    rows[:4] /= graphs.SIDE
    assert "wanted are pixels" in refusal(model_env, graphs.yolo(tmp_path / "a.onnx", rows, seen_at=1))


def test_other_classes_than_cocos_want_labels(model_env: Environment, tmp_path: Path) -> None:
    path = graphs.yolo(tmp_path / "garden.onnx", yolo_rows(), seen_at=0)
    line = refusal(model_env, path)
    assert "knows 3 classes, not the 80 of COCO" in line
    assert f"write their names to {tmp_path / 'garden.txt'}, one a line" in line
    (tmp_path / "labels.txt").write_text("\n".join(LABELS))
    assert "labels.txt has 80 labels, but garden.onnx knows 3 classes" in refusal(model_env, path)
    (tmp_path / "garden.txt").write_text("fox\nbadger\nhedgehog\n")  # its own name comes first
    assert detectors.create(str(path), model_env).version


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("fox\n\nbadger\n", "line 2: it is empty"),
        (f"fox\n{'x' * 33}\n", "has 33 characters, labels have 32 at most"),
        ("fox, red\n", "has a comma"),
        ("fox\nbadger\nFox\n", "line 3: “Fox” is on line 1 already"),
    ],
)
def test_labels_that_cannot_be_kept_are_named(tmp_path: Path, text: str, wrong: str) -> None:
    (tmp_path / "a.txt").write_text(text)
    with pytest.raises(ModelProblem) as problem:
        read_labels(tmp_path / "a.txt")
    assert wrong in str(problem.value)


def test_labels_in_another_encoding_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes("Käfer\n".encode("latin-1"))
    with pytest.raises(ModelProblem, match="in UTF-8"):
        read_labels(tmp_path / "a.txt")


def test_labels_are_read_as_people_write_them(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes("\ufeffMotorbike\r\n  garden   gnome \r\nKäfer\r\n\r\n".encode())
    labels = read_labels(tmp_path / "a.txt")
    assert labels == ("motorcycle", "garden gnome", "Käfer")
    assert [chosen_label(name, labels) for name in ("motorbike", "Garden Gnome", "KÄFER", "car")] == [
        "motorcycle",
        "garden gnome",
        "Käfer",
        None,
    ]


def test_the_labels_are_known_without_the_model(tmp_path: Path) -> None:
    assert labels_of("openvino-ssd") == labels_of("deimv2-femto") == labels_of(str(tmp_path / "a.onnx")) == LABELS
    (tmp_path / "labels.txt").write_text("fox\n")
    assert labels_of(str(tmp_path / "a.onnx")) == ("fox",)
