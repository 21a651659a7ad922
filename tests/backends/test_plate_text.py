from __future__ import annotations

import numpy as np
import pytest

from plates.readers.formats import PATTERNS, Formats
from plates.readers.lines import Line, different, joined, line_around, upright
from plates.text import CONFUSABLE, fold, normalise, skeleton

LINE = Line(50, 20, 80, 20, 0, 0.9)


@pytest.mark.parametrize(
    ("raw", "text"), [("kv 482-bt", "KV482BT"), ("B·MW 1234", "BMW1234"), ("京A12345", "A12345"), ("ß°--", "")]
)
def test_it_keeps_only_capitals_and_digits(raw: str, text: str) -> None:
    assert normalise(raw) == text


def test_it_folds_characters_that_look_alike() -> None:
    assert fold("OI0118B") == "010118B"
    assert skeleton("KV4B2BT") == skeleton("KY482BT") == skeleton("KVA828T")
    assert skeleton("KV482BT") != skeleton("KV492BT")


def test_it_puts_no_character_in_two_groups() -> None:
    letters = "".join(CONFUSABLE)
    assert len(letters) == len(set(letters))


@pytest.mark.parametrize(
    ("regions", "text", "fitted"),
    [
        (("br",), "ABC1234", "ABC1234"),
        (("br",), "A8C1234", None),
        (("br",), "OBC12O4", "OBC1204"),
        (("br",), "0BCID34", "OBC1D34"),
        (("us", "eu"), "KV482BT", "KV482BT"),
        (("us",), "7HRZ319", "7HRZ319"),
        (("us",), "ABCDEFGHI", None),
    ],
)
def test_it_writes_a_text_as_its_format_wants(regions: tuple[str, ...], text: str, fitted: str | None) -> None:
    assert Formats(regions).fit(text) == fitted


def test_it_has_sound_patterns() -> None:
    for patterns in PATTERNS.values():
        assert len(patterns) == len(set(patterns))
        assert set("".join(patterns)) == {"L", "N"}


def test_it_joins_neighbours_on_one_line_only() -> None:
    left, right = Line(20, 20, 30, 12, 0, 0.9), Line(60, 21, 34, 12, 0, 0.7)
    below, far = Line(20, 60, 30, 12, 0, 0.9), Line(200, 20, 30, 12, 0, 0.9)
    whole, *alone = joined([left, right, below, far])
    assert whole.x == pytest.approx(41, abs=1)
    assert whole.width == pytest.approx(72, abs=2)
    assert alone == [left, right, below, far]


def test_it_drops_lines_that_repeat_another() -> None:
    again, wider = Line(50.5, 20, 81, 20, 0.2, 0.5), Line(55, 20, 90, 20, 0, 0.9)
    assert different([LINE, again, wider]) == [LINE, wider]


def test_it_knows_the_shape_of_a_plate() -> None:
    assert LINE.may_be_plate()
    assert not Line(0, 0, 20, 20, 0, 1).may_be_plate()
    assert not Line(0, 0, 300, 20, 0, 1).may_be_plate()
    assert not Line(0, 0, 80, 20, 50, 1).may_be_plate()


def test_it_sets_a_tilted_line_upright() -> None:
    line = line_around(Line(60, 50, 60, 20, 25, 1).corners(), 1)
    assert line.tilt == pytest.approx(25, abs=0.1)
    pixels = np.zeros((100, 120, 3), np.uint8)
    corners = line.corners()
    along = (corners[1] - corners[0]) / 60
    for step in range(60):
        x, y = line.x + along[0] * (step - 30), line.y + along[1] * (step - 30)
        pixels[round(y) - 1 : round(y) + 2, round(x) - 1 : round(x) + 2] = 255
    level = upright(pixels, line, 0, 0, 40)
    assert level.shape == (40, 120, 3)
    assert level[18:22, 10:110].mean() > 200
    assert level[:8].mean() < 5
