from __future__ import annotations

import numpy as np
import pytest

from plates.readers.ctc import ALPHABET, likelihoods
from plates.readers.formats import Formats
from plates.readers.lines import Line
from plates.readers.ranking import best_plate
from plates.readers.stacks import Stack, stacked, stacked_crop
from plates.readers.text_recognition import Reading

TOP, BOTTOM = Line(100, 20, 60, 24, 0, 0.9), Line(101, 48, 80, 25, 1, 0.8)
STACK = Stack(TOP, BOTTOM)
BRAZIL = Formats(("br",))


def reading(text: str) -> Reading:
    """What a sure recogniser gives."""
    steps = np.zeros((2 * len(text), 1 + len(ALPHABET)), np.float32)
    steps[1::2, 0] = 1
    for position, letter in enumerate(text):
        steps[2 * position, 1 + ALPHABET.index(letter)] = 1
    return Reading(text, (1.0,) * len(text), steps[: 2 * len(text) - 1])


def test_it_stacks_lines_of_like_size_one_above_the_other() -> None:
    assert stacked([BOTTOM, TOP]) == [STACK]
    assert STACK.outline().box() == pytest.approx((60.8, 7.2, 141.2, 61.2), abs=2)


@pytest.mark.parametrize(
    "other",
    [
        Line(100, 20, 60, 12, 0, 0.9),  # small writing above the plate's text
        Line(150, 20, 60, 24, 0, 0.9),  # to the side
        Line(100, 2, 60, 24, 0, 0.9),  # too far above
        Line(100, 40, 60, 24, 0, 0.9),  # the same line again
        Line(100, 20, 20, 24, 0, 0.9),  # a single character
        Line(100, 20, 200, 24, 0, 0.9),  # too wide
    ],
)
def test_it_stacks_nothing_else(other: Line) -> None:
    assert stacked([other, BOTTOM]) == []


def test_it_reads_top_and_bottom_as_one_text() -> None:
    crop = stacked_crop(STACK, reading("ABC"), reading("1234"), BRAZIL)
    assert crop is not None
    assert (crop.text, crop.raw_text) == ("ABC1234", "ABC 1234")
    plate = best_plate([crop], BRAZIL, inside=True)
    assert plate is not None
    assert plate.text == "ABC1234"
    assert [one[0][0] for one in plate.characters] == list("ABC1234")


def test_it_keeps_a_character_that_ends_one_line_and_begins_the_next() -> None:
    both = stacked_crop(STACK, reading("LL12"), reading("2AB"), Formats(("eu",)))
    assert both is not None
    assert likelihoods([both.steps], ["LL122AB", "LL12AB"])[0] == pytest.approx([1, 0])


@pytest.mark.parametrize(("top", "bottom"), [("AB", "C"), ("TAXI", "12"), ("OPEN", "24"), ("2014", "0513")])
def test_it_takes_no_other_two_lines_for_a_plate(top: str, bottom: str) -> None:
    assert stacked_crop(STACK, reading(top), reading(bottom), BRAZIL) is None
