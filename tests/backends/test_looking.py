from __future__ import annotations

from collections.abc import Sequence

import pytest

from detections.picture import Box, Picture
from plates.looking import Whole, read_picture, shared
from plates.readers.base import FoundPlate

VEHICLE: Box = (0, 0, 300, 200)


def plate(text: str, confidence: float, x: float = 0) -> FoundPlate:
    return FoundPlate(text, text, confidence, (x, 0, x + 90, 20), ())


class FakeReader:
    name, version = "fake", "1"

    def __init__(self, boxes: Sequence[FoundPlate], whole: Sequence[FoundPlate]) -> None:
        self.boxes, self.whole, self.looked = boxes, whole, list[str]()

    def expect(self, regions: Sequence[str]) -> None:
        pass

    def read_boxes(self, picture: Picture, boxes: Sequence[Box]) -> list[FoundPlate]:
        self.looked.append("boxes")
        return list(self.boxes)

    def read_whole(self, picture: Picture) -> list[FoundPlate]:
        self.looked.append("whole")
        return list(self.whole)


@pytest.mark.parametrize(
    ("whole", "in_vehicle", "looked"),
    [
        ("never", [], ["boxes"]),
        ("if_empty", [], ["boxes", "whole"]),
        ("if_empty", [plate("AB1234", 0.6)], ["boxes"]),
        ("always", [plate("AB1234", 0.6)], ["boxes", "whole"]),
    ],
)
def test_it_looks_where_it_is_told(
    whole: Whole, in_vehicle: list[FoundPlate], looked: list[str], meadow: Picture
) -> None:
    reader = FakeReader(in_vehicle, [])
    assert read_picture(reader, meadow, [VEHICLE], whole) == in_vehicle
    assert reader.looked == looked


def test_it_looks_at_no_vehicle_where_there_is_none(meadow: Picture) -> None:
    reader = FakeReader([], [plate("AB1234", 0.6)])
    assert read_picture(reader, meadow, [], "if_empty")[0].text == "AB1234"
    assert reader.looked == ["whole"]


def test_it_names_each_plate_once_and_the_best_first(meadow: Picture) -> None:
    reader = FakeReader(
        [plate("AB1234", 0.7), plate("CD5678", 0.8, x=200)],
        [plate("A81234", 0.9, x=5), plate("CD5678", 0.5, x=600), plate("EF9012", 0.6, x=400)],
    )
    found = read_picture(reader, meadow, [VEHICLE], "always")
    assert [one.text for one in found] == ["A81234", "CD5678", "EF9012"]


def test_it_trusts_what_is_on_no_vehicle_less(meadow: Picture) -> None:
    on, off = plate("AB1234", 0.6), plate("EF9012", 0.9, x=400)
    assert [one.text for one in read_picture(FakeReader([], [off, on]), meadow, [VEHICLE], "always")] == [
        "AB1234",
        "EF9012",
    ]
    assert read_picture(FakeReader([], [off]), meadow, [], "always") == [off]


def test_it_measures_what_boxes_share() -> None:
    assert shared((0, 0, 10, 10), (5, 0, 15, 10)) == 0.5
    assert shared((0, 0, 10, 10), (2, 2, 4, 4)) == 1
    assert shared((0, 0, 10, 10), (20, 0, 30, 10)) == 0
    assert shared((0, 0, 0, 0), (0, 0, 10, 10)) == 0
