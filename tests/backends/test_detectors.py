from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from detections import detectors, modelfiles
from detections.detectors.base import Detector, FoundObject
from detections.detectors.labels import COCO_91, LABELS, standard
from detections.detectors.ssd import found_objects
from detections.picture import Picture, UnreadablePicture
from environment import DETECTORS, Environment
from plates.looking import shared
from tests.backends.conftest import PICTURES


def iou(one: FoundObject, other: FoundObject) -> float:
    areas = [(box[2] - box[0]) * (box[3] - box[1]) for box in (one.box, other.box)]
    common = shared(one.box, other.box) * min(areas)
    return common / (sum(areas) - common)


def agree(ours: list[FoundObject], theirs: list[FoundObject]) -> bool:
    pairs = list(zip(ours, theirs, strict=True))
    return all(a.label == b.label and iou(a, b) > 0.99 and abs(a.score - b.score) < 0.01 for a, b in pairs)


def plain_cv2(path: Path) -> list[FoundObject]:
    """The usual way, with none of our code before the boxes; 1280x960 is decoded at half its size."""
    network = cv2.dnn.readNetFromTensorflow(str(modelfiles.SSD_GRAPH.find()), str(modelfiles.SSD_GRAPH_TEXT.find()))
    pixels = cv2.imread(str(path), cv2.IMREAD_REDUCED_COLOR_2)
    assert pixels is not None
    assert pixels.shape == (480, 640, 3)
    network.setInput(cv2.dnn.blobFromImage(pixels, size=(300, 300), swapRB=True))
    rows = np.asarray(network.forward(), np.float32).reshape(-1, 7)
    return found_objects(rows, COCO_91, Picture.read(path), 0.1)


@pytest.mark.parametrize("path", PICTURES, ids=lambda path: path.stem)
def test_it_finds_what_plain_opencv_finds(path: Path, detector: Detector, opencv_detector: Detector) -> None:
    expected = plain_cv2(path)
    assert expected
    assert agree(detector.detect(Picture.read(path), 0.1), expected)
    assert agree(opencv_detector.detect(Picture.read(path), 0.1), expected)


@pytest.mark.parametrize("path", PICTURES, ids=lambda path: path.stem)
def test_it_sees_the_car(path: Path, detector: Detector) -> None:
    best = detector.detect(Picture.read(path), 0.5)[0]
    assert best.label == "car"
    assert best.score > 0.75


def test_it_finds_nothing_in_a_meadow(meadow: Picture, detector: Detector, opencv_detector: Detector) -> None:
    assert detector.detect(meadow) == []
    assert opencv_detector.detect(meadow) == []


def test_it_gives_the_best_first_inside_the_picture_and_no_worse_than_asked(detector: Detector) -> None:
    picture = Picture.read(PICTURES[0])
    found = detector.detect(picture, 0.02)
    scores = [item.score for item in found]
    assert len(found) > 1
    assert scores == sorted(scores, reverse=True)
    assert min(scores) >= 0.02
    for item in found:
        x1, y1, x2, y2 = item.box
        assert 0 <= x1 < x2 <= picture.width
        assert 0 <= y1 < y2 <= picture.height


def test_it_leaves_out_numbers_without_a_name_and_boxes_outside(meadow: Picture) -> None:
    rows = np.array(
        [
            [0, 12, 0.9, 0.1, 0.1, 0.2, 0.2],  # COCO never used number 12
            [0, 3, 0.8, 1.1, 0.1, 1.4, 0.5],
            [0, 3, 0.7, -0.5, 0.5, 0.5, 2.0],
            [-1, 3, 0.9, 0.1, 0.1, 0.2, 0.2],
        ],
        np.float32,
    )
    (only,) = found_objects(rows, COCO_91, meadow, 0.5)
    assert (only.label, only.box) == ("car", (0.0, 240.0, 320.0, 480.0))


@pytest.mark.parametrize("data", [b"", b"not a picture", b"\xff\xd8\xff\xe0 nothing follows"])
def test_it_refuses_what_is_no_picture(data: bytes, detector: Detector) -> None:
    with pytest.raises(UnreadablePicture):
        detector.detect(Picture(data))


@pytest.mark.parametrize("kept", [0.001, 0.5, 0.9999])
def test_it_refuses_a_picture_that_was_cut_off(kept: float, detector: Detector) -> None:
    data = PICTURES[0].read_bytes()
    with pytest.raises(UnreadablePicture):
        detector.detect(Picture(data[: int(len(data) * kept)]))


def test_it_takes_grey_and_tiny_pictures(jpeg: Callable[[np.ndarray], Picture], detector: Detector) -> None:
    assert detector.detect(jpeg(np.full((64, 64), 90, np.uint8)), 0.9) == []
    assert detector.detect(jpeg(np.full((1, 3, 3), 90, np.uint8)), 0.9) == []


def test_it_says_what_to_run_when_the_model_is_not_converted(unprepared: Environment) -> None:
    with pytest.raises(modelfiles.ModelProblem, match=r"manage\.py models prepare"):
        detectors.create("openvino-ssd", unprepared)


def test_it_names_its_backends_and_the_model_version(detector: Detector, opencv_detector: Detector) -> None:
    assert (detector.name, opencv_detector.name) == DETECTORS[:2]
    assert detector.version == opencv_detector.version == modelfiles.SSD_GRAPH.sha256[:12]


def test_it_uses_the_labels_of_coco() -> None:
    assert len(LABELS) == len(set(LABELS)) == 80
    assert (COCO_91[1], COCO_91[4], COCO_91[63], COCO_91[72], COCO_91[90]) == (
        "person",
        "motorcycle",
        "couch",
        "tv",
        "toothbrush",
    )


@pytest.mark.parametrize(
    ("name", "label"),
    [("Motorbike", "motorcycle"), ("aeroplane", "airplane"), ("traffic_light", "traffic light"), ("unicorn", None)],
)
def test_it_knows_old_names(name: str, label: str | None) -> None:
    assert standard(name) == label
