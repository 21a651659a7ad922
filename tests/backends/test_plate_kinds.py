"""Drawn plates of every kind, read with the real networks."""

from __future__ import annotations

import pytest

from plates.readers.base import PlateReader
from plates.text import fold
from tests.plate_pictures import STYLES, shown

PICTURES_OF_EACH = 2
ONE_LINE = [name for name, style in STYLES.items() if len(style.rows) == 1]
TWO_LINES = [name for name in STYLES if name not in ONE_LINE]


def share_right(reader: PlateReader, styles: list[str]) -> float:
    """The share of pictures whose first plate is the drawn one."""
    pictures = [shown(style, seed) for style in styles for seed in range(PICTURES_OF_EACH)]
    found = [(one.text, reader.read_boxes(one.picture, [one.vehicle])) for one in pictures]
    return sum(bool(plates) and fold(plates[0].text) == fold(text) for text, plates in found) / len(found)


@pytest.mark.parametrize("styles", [ONE_LINE, TWO_LINES], ids=["one line", "two lines"])
def test_it_reads_plates_of_every_region(styles: list[str], reader: PlateReader) -> None:
    assert share_right(reader, styles) >= 0.9


@pytest.mark.parametrize("style", ["br-motorcycle", "eu-gb-square"])
def test_it_reads_two_lines_without_a_vehicle_too(style: str, reader: PlateReader) -> None:
    one = shown(style, 1)
    first = reader.read_whole(one.picture)[0]
    assert first.text == one.text
    x1, y1, x2, y2 = first.box
    assert (x2 - x1) / (y2 - y1) < 2.2  # the box is around both lines
    assert first.candidates[0].text == one.text
    assert len(first.characters) == len(one.text)
