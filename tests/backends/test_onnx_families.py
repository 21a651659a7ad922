"""Each family on networks made by hand: what comes out is known to the last digit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from detections import detectors
from detections.detectors.onnx_file import OnnxDetector
from detections.modelfiles import ModelProblem, sha256_of
from detections.picture import Picture
from environment import Environment
from tests.backends import graphs
from tests.backends.graphs import PLACES, SIDE

Jpeg = Callable[[np.ndarray], Picture]
Load = Callable[[Path], OnnxDetector]
ORANGE = (30, 120, 240)
"""Blue, green, red."""


@pytest.fixture
def load(model_env: Environment, tmp_path: Path) -> Load:
    (tmp_path / "labels.txt").write_text("fox\nbadger\nhedgehog\n")

    def create(path: Path) -> OnnxDetector:
        found = detectors.create(str(path), replace(model_env, detector=str(path)))
        assert isinstance(found, OnnxDetector)
        return found

    return create


@pytest.fixture
def orange(jpeg: Jpeg) -> Picture:
    return jpeg(np.full((SIDE, SIDE, 3), ORANGE, np.uint8))


def grid() -> NDArray[np.float32]:
    """Column, row and stride of every place."""
    return np.array(
        [(x, y, stride) for stride in (8, 16, 32) for y in range(SIDE // stride) for x in range(SIDE // stride)],
        np.float32,
    )


def decoded_boxes() -> NDArray[np.float32]:
    """Centre and size of a box at every place, as networks give them where they see nothing."""
    cells = grid()
    return np.concatenate([(cells[:, :2] + 0.5) * cells[:, 2:], np.repeat(cells[:, 2:], 2, axis=1)], axis=1)


def yolo_rows(*objects: tuple[int, tuple[float, float, float, float], int, float]) -> NDArray[np.float32]:
    """7 x N: objects are place, centre and size, class, score."""
    rows = np.concatenate([decoded_boxes(), np.zeros((PLACES, 3), np.float32)], axis=1)
    for place, box, number, score in objects:
        rows[place, :4] = box
        rows[place, 4 + number] = score
    return rows.T.copy()


def yolox_rows(*objects: tuple[int, tuple[float, float, float, float], float, int, float]) -> NDArray[np.float32]:
    """N x 8, decoded: objects are place, centre and size, objectness, class, score."""
    rows = np.concatenate([decoded_boxes(), np.zeros((PLACES, 4), np.float32)], axis=1)
    for place, box, objectness, number, score in objects:
        rows[place, :4] = box
        rows[place, 4] = objectness
        rows[place, 5 + number] = score
    return rows


def seen(detector: OnnxDetector, picture: Picture, least: float = 0.25) -> list[tuple[str, float, tuple[float, ...]]]:
    found = detector.detect(picture, least)
    return [(one.label, round(one.score, 2), tuple(round(edge, 2) for edge in one.box)) for one in found]


def test_yolo_gets_rgb_from_0_to_1(tmp_path: Path, load: Load, orange: Picture) -> None:
    detector = load(graphs.yolo(tmp_path / "a.onnx", yolo_rows((0, (20, 30, 8, 4), 0, 0)), seen_at=0))
    assert detector.family.name.startswith("YOLO (")
    ((label, score, box),) = seen(detector, orange)
    assert (label, box) == ("fox", (16, 28, 24, 32))  # the best class of the place: red, class 0
    assert score == pytest.approx(240 / 255, abs=0.01)


def test_yolox_gets_bgr_from_0_to_255(tmp_path: Path, load: Load, orange: Picture) -> None:
    detector = load(graphs.yolox(tmp_path / "a.onnx", yolox_rows((0, (20, 30, 8, 4), 0.5, 0, 0)), seen_at=0))
    assert detector.family.name == "YOLOX"
    ((label, score, box),) = seen(detector, orange)
    assert (label, box) == ("hedgehog", (16, 28, 24, 32))  # red is channel 2 of BGR
    assert score == pytest.approx(0.5 * 240 / 255, abs=0.01)  # objectness times class


def test_deim_gets_rgb_from_0_to_1_and_gives_boxes_in_pixels(tmp_path: Path, load: Load, jpeg: Jpeg) -> None:
    parts = [[0, 0, 0.5, 1], [0.25, 0.25, 0.75, 0.75], [0.9, 0.9, 1.2, 1.1]]
    detector = load(graphs.deim(tmp_path / "a.onnx", [2, 1, 0], parts))
    assert detector.family.name.startswith("DEIM")
    found = seen(detector, jpeg(np.full((100, 200, 3), ORANGE, np.uint8)), 0.1)
    assert [(label, box) for label, _, box in found] == [
        ("hedgehog", (0, 0, 100, 100)),
        ("badger", (50, 25, 150, 75)),
        ("fox", (180, 90, 200, 100)),  # clipped to the picture
    ]
    assert [score for _, score, _ in found] == pytest.approx([240 / 255, 120 / 255, 30 / 255], abs=0.011)


def test_deim_that_begins_with_patches_gets_what_its_transformer_was_trained_with(
    tmp_path: Path, load: Load, orange: Picture
) -> None:
    detector = load(graphs.deim(tmp_path / "a.onnx", [0, 1, 2], [[0, 0, 1, 1]] * 3, patch=16))
    rows = detector.family.find(orange, -9)
    red, green, blue = (
        (value / 255 - mean) / deviation
        for value, mean, deviation in zip(reversed(ORANGE), (0.485, 0.456, 0.406), (0.229, 0.224, 0.225), strict=True)
    )
    assert rows.scores == pytest.approx([red, green, blue], abs=0.05)


def test_deim_squeezes_pictures_as_pillow_does(tmp_path: Path, load: Load, jpeg: Jpeg) -> None:
    """One row of eight is white; sampling without averaging would find too much of it or none."""
    stripes = np.zeros((8 * SIDE, SIDE, 3), np.uint8)
    stripes[::8] = 255
    detector = load(graphs.deim(tmp_path / "a.onnx", [0, 1, 2], [[0, 0, 1, 1]] * 3))
    found = seen(detector, jpeg(stripes), 0.05)
    assert [score for _, score, _ in found] == pytest.approx([1 / 8] * 3, abs=0.011)


def test_yolo_takes_boxes_back_from_the_middle_of_the_canvas(tmp_path: Path, load: Load, jpeg: Jpeg) -> None:
    """A picture of 128x96 lies on the canvas of 64x64 at half size, below 8 grey rows."""
    detector = load(graphs.yolo(tmp_path / "a.onnx", yolo_rows((5, (20, 30, 8, 4), 1, 0.75)), seen_at=83))
    assert seen(detector, jpeg(np.zeros((96, 128, 3), np.uint8)))[0] == ("badger", 0.75, (32, 40, 48, 48))


def test_yolo_with_an_odd_row_of_room_has_it_below(tmp_path: Path, load: Load, jpeg: Jpeg) -> None:
    """64x61 leaves three rows: one above, two below."""
    detector = load(graphs.yolo(tmp_path / "a.onnx", yolo_rows((5, (20, 30, 8, 4), 1, 0.75)), seen_at=83))
    assert seen(detector, jpeg(np.zeros((61, 64, 3), np.uint8)))[0] == ("badger", 0.75, (16, 27, 24, 31))


def test_yolox_takes_boxes_back_from_the_upper_left(tmp_path: Path, load: Load, jpeg: Jpeg) -> None:
    rows = yolox_rows((5, (20, 30, 8, 4), 0.9, 1, 0.5))
    detector = load(graphs.yolox(tmp_path / "a.onnx", rows, seen_at=83))
    assert seen(detector, jpeg(np.zeros((96, 128, 3), np.uint8)))[0] == ("badger", 0.45, (32, 56, 48, 64))


@pytest.mark.parametrize(
    ("side", "box"), [((32, 64), (8, 14, 12, 16)), ((64, 32), (8, 14, 12, 16)), ((16, 16), (4, 7, 6, 8))]
)
def test_yolox_enlarges_small_pictures(
    tmp_path: Path, load: Load, jpeg: Jpeg, side: tuple[int, int], box: tuple[float, ...]
) -> None:
    detector = load(graphs.yolox(tmp_path / "a.onnx", yolox_rows((5, (20, 30, 8, 4), 1, 1, 1)), seen_at=83))
    factor = SIDE / max(side)
    expected = tuple(edge / factor for edge in (16, 28, 24, 32))
    assert seen(detector, jpeg(np.zeros((*side, 3), np.uint8)))[0][2] == expected


def test_yolox_decodes_what_its_graph_left_undecoded(tmp_path: Path, load: Load, orange: Picture) -> None:
    cells = grid()
    rows = np.concatenate([np.full((PLACES, 2), 0.5), np.zeros((PLACES, 6))], axis=1).astype(np.float32)
    for place in (9, 66, 83):  # one of each stride
        rows[place] = [0.25, 0.75, np.log(2), np.log(0.5), 1, 0, 0.8, 0]
    detector = load(graphs.yolox(tmp_path / "a.onnx", rows, seen_at=0))
    boxes = {box for _, _, box in seen(detector, orange)}
    for column, row, stride in cells[[9, 66, 83]]:
        x, y = (column + 0.25) * stride, (row + 0.75) * stride
        edges = np.clip([x - stride, y - stride / 4, x + stride, y + stride / 4], 0, SIDE)
        assert tuple(round(float(edge), 2) for edge in edges) in boxes
    assert len(boxes) == 3


def test_each_thing_is_named_once_and_things_of_another_class_stay(tmp_path: Path, load: Load, orange: Picture) -> None:
    rows = yolo_rows(
        (0, (20, 20, 20, 20), 1, 0.9),
        (1, (20, 22, 20, 20), 1, 0.8),  # shares 18/22 with the first
        (2, (20, 20, 20, 20), 2, 0.7),  # another class
        (3, (20, 24, 20, 20), 1, 0.6),  # shares 16/24 with the first: below 0.7
        (4, (20, 20, 20, 20), 1, 0.2),  # too weak
    )
    detector = load(graphs.yolo(tmp_path / "a.onnx", rows, seen_at=83))
    found = [one for one in seen(detector, orange) if one[2][2] <= 30]
    assert [(label, score) for label, score, _ in found] == [("badger", 0.9), ("hedgehog", 0.7), ("badger", 0.6)]


def test_yolox_suppresses_from_0_65_on(tmp_path: Path, load: Load, orange: Picture) -> None:
    rows = yolox_rows((0, (20, 20, 20, 20), 1, 1, 0.9), (3, (20, 24, 20, 20), 1, 1, 0.6))  # they share 16/24
    detector = load(graphs.yolox(tmp_path / "a.onnx", rows, seen_at=83))
    assert [score for label, score, _ in seen(detector, orange) if label == "badger"] == [0.9]


def test_boxes_that_are_no_numbers_or_outside_are_left_out(tmp_path: Path, load: Load, orange: Picture) -> None:
    rows = yolo_rows((0, (np.nan, 20, 20, 20), 1, 0.9), (1, (500, 20, 20, 20), 1, 0.9), (2, (9, 9, 0, 0), 1, 0.9))
    with np.errstate(invalid="ignore"):
        detector = load(graphs.yolo(tmp_path / "a.onnx", rows, seen_at=83))
    assert not [one for one in seen(detector, orange) if one[0] == "badger"]


def test_it_takes_the_usual_size_where_the_network_leaves_it_open(tmp_path: Path, load: Load, jpeg: Jpeg) -> None:
    places = 80 * 80 + 40 * 40 + 20 * 20
    rows = np.zeros((7, places), np.float32)
    rows[:4, 0] = 320, 320, 64, 32
    rows[4, 0] = 0.5
    detector = load(graphs.yolo(tmp_path / "a.onnx", rows, seen_at=1, pixels=("N", 3, "H", "W")))
    found = seen(detector, jpeg(np.zeros((320, 320, 3), np.uint8)))
    assert found == [("fox", 0.5, (144, 152, 176, 168))]


def test_it_knows_how_many_classes_a_deim_picks_from(tmp_path: Path, load: Load, orange: Picture) -> None:
    logits = np.array([[0.1, 0.2, 0.9], [0.8, 0.3, 0.0]], np.float32)
    boxes = np.array([[1, 2, 3, 4], [5, 6, 7, 8]], np.float32)
    detector = load(graphs.picking_deim(tmp_path / "a.onnx", logits, boxes))
    assert detector.family.classes == 3
    assert seen(detector, orange) == [("hedgehog", 0.9, (1, 2, 3, 4)), ("fox", 0.8, (5, 6, 7, 8))]
    (tmp_path / "labels.txt").write_text("fox\nbadger\n")
    with pytest.raises(ModelProblem, match=r"has 2 labels, but a\.onnx knows 3 classes"):
        load(tmp_path / "a.onnx")


def test_it_says_when_a_class_has_no_label(tmp_path: Path, load: Load, orange: Picture) -> None:
    detector = load(graphs.deim(tmp_path / "a.onnx", [0, 3, 1], [[0, 0, 1, 1]] * 3))
    with pytest.raises(ModelProblem, match="found classes from 0 to 3, but there are 3 labels"):
        detector.detect(orange, 0.05)


def test_its_version_is_the_files_hash_and_its_name_the_files(tmp_path: Path, load: Load) -> None:
    detector = load(graphs.yolo(tmp_path / "garden.onnx", yolo_rows(), seen_at=0))
    assert detector.name == "garden.onnx"
    assert detector.version == sha256_of(tmp_path / "garden.onnx")[:12]
