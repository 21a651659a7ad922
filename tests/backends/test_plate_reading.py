from __future__ import annotations

from pathlib import Path

import pytest

from detections.detectors.base import Detector
from detections.detectors.labels import VEHICLES
from detections.picture import Box, Picture, UnreadablePicture
from environment import BASE_DIR
from plates.looking import Whole, read_picture
from plates.readers.base import PlateReader
from tests.backends.conftest import PICTURES

DRIVES = [path for path in PICTURES if path.name.startswith("drive_")]
FRONT = BASE_DIR / "demo" / "pictures" / "front34_white.jpg"


def vehicles(detector: Detector, picture: Picture) -> list[Box]:
    return [item.box for item in detector.detect(picture, 0.5) if item.label in VEHICLES]


def test_it_has_eight_pictures_of_the_drive() -> None:
    assert len(DRIVES) == 8


@pytest.mark.parametrize("whole", ["never", "always"])
@pytest.mark.parametrize("path", DRIVES, ids=lambda path: path.stem)
def test_it_reads_the_plate_of_the_car_that_drives_away(
    path: Path, whole: Whole, detector: Detector, reader: PlateReader
) -> None:
    picture = Picture.read(path)
    (plate,) = read_picture(reader, picture, vehicles(detector, picture), whole)
    assert plate.text == plate.candidates[0].text == "KV482BT"
    assert plate.confidence > 0.9
    x1, y1, x2, y2 = plate.box
    assert 0 < x1 < x2 < picture.width
    assert 0 < y1 < y2 < picture.height
    assert 1.6 < (x2 - x1) / (y2 - y1) < 9


def test_it_reads_the_plate_of_the_white_car(detector: Detector, reader: PlateReader) -> None:
    picture = Picture.read(FRONT)
    assert read_picture(reader, picture, vehicles(detector, picture), "always")[0].text == "7HRZ319"


def test_it_reads_a_plate_without_a_vehicle_box(reader: PlateReader) -> None:
    assert [plate.text for plate in reader.read_whole(Picture.read(DRIVES[0]))] == ["KV482BT"]


def test_it_reads_nothing_where_no_plate_is(meadow: Picture, reader: PlateReader) -> None:
    assert reader.read_whole(meadow) == []
    assert reader.read_boxes(meadow, [(10, 10, 300, 300)]) == []
    assert reader.read_boxes(meadow, []) == []


def test_it_takes_boxes_at_and_over_the_edge(reader: PlateReader) -> None:
    picture = Picture.read(DRIVES[0])
    assert reader.read_boxes(picture, [(0, 0, 1, 1), (-50, -50, 20, 20), (1279, 959, 1280, 960)]) == []
    assert [plate.text for plate in reader.read_boxes(picture, [(-9, -9, 1300, 1000)])] == ["KV482BT"]


def test_it_refuses_what_is_no_picture(reader: PlateReader) -> None:
    with pytest.raises(UnreadablePicture):
        reader.read_whole(Picture(FRONT.read_bytes()[:300]))


def test_it_has_a_name_and_a_version(reader: PlateReader) -> None:
    assert reader.name == "rapidocr"
    assert len(reader.version) == 12
