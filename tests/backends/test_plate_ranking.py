from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from plates.readers.ctc import ALPHABET, Steps, alignment, choices, likelihoods
from plates.readers.evidence import Evidence, prior
from plates.readers.formats import Formats
from plates.readers.lines import Line
from plates.readers.ranking import Crop, best_plate, crop, places
from plates.readers.text_recognition import Reading, best_path

EVERYWHERE = Formats(("us", "eu", "br"))
LINE = Line(50, 20, 80, 20, 0, 0.9)
STEPS = 20


def steps(text: str, certainty: float = 0.99, other: str = "") -> Steps:
    """What a recogniser gives that is as sure of each character; the rest goes to `other`, or to the blank."""
    found = np.zeros((STEPS, 1 + len(ALPHABET)), np.float32)
    found[:, 0] = 1
    for position, letter in enumerate(text):
        found[2 * position] = 0
        found[2 * position, 1 + ALPHABET.index(letter)] = certainty
        found[2 * position, 1 + ALPHABET.index(other[position]) if other else 0] += 1 - certainty
    return found


def reading(text: str, certainty: float = 0.99, other: str = "") -> Reading:
    letters = "".join(one for one in text if one in ALPHABET)
    return Reading(text, (certainty,) * len(text), steps(letters, certainty, other))


def cropped(text: str, certainty: float = 0.99, other: str = "", line: Line = LINE) -> Crop:
    found = crop(reading(text, certainty, other), line)
    assert found is not None
    return found


def confidence(*crops: Crop, inside: bool = True) -> float:
    plate = best_plate(crops, EVERYWHERE, inside)
    return plate.confidence if plate else 0.0


def test_it_adds_up_all_paths_of_a_text() -> None:
    random = np.random.default_rng(1).random((4, 37)).astype(np.float32)
    random[:, 4:] = 0
    random /= random.sum(1, keepdims=True)
    texts = ["0", "00", "012", "1", "1210"]
    (chances,) = likelihoods([random], texts)
    for text, chance in zip(texts, chances, strict=True):
        assert chance == pytest.approx(all_paths(random, text))


def all_paths(found: Steps, text: str) -> float:
    total = 0.0
    for path in itertools.product(range(4), repeat=len(found)):
        kept = [one for one, _ in itertools.groupby(path) if one]
        if "".join(ALPHABET[one - 1] for one in kept) == text:
            total += math.prod(float(found[step, one]) for step, one in enumerate(path))
    return total


def test_it_finds_where_each_character_stands() -> None:
    assert alignment(steps("AA1B"), "AA1B") == [0, 2, 4, 6]


def test_it_tells_what_else_may_stand_at_a_position() -> None:
    first, second = steps("AB8"), steps("AB8", 0.6, "ABB")
    likely = choices([first, second], [1, 1], "AB8")
    assert [one[0][0] for one in likely] == ["A", "B", "8"]
    assert "".join(letter for letter, _ in likely[2]) == "8B"
    assert [chance for _, chance in likely[2]] == pytest.approx([0.795, 0.2])


@pytest.mark.parametrize(
    "text", ["ABC", "A1", "POLICE", "TOYOTA", "0123456789", "", "20:15:33", "2014-05-13", "20140513"]
)
def test_it_takes_no_other_writing_for_a_plate(text: str) -> None:
    assert crop(Reading(text, (1.0,) * len(text)), LINE) is None


def test_it_takes_a_plate_whose_seal_was_read_as_a_colon() -> None:
    assert cropped("1Z7:5233").text == "1Z75233"


def test_it_counts_only_the_characters_of_the_plate() -> None:
    found = crop(Reading("KV·482 BT", (0.9, 0.9, 0.1, 0.9, 0.9, 0.9, 0.1, 0.9, 0.9)), LINE)
    assert found is not None
    assert (found.text, found.raw_text) == ("KV482BT", "KV·482 BT")
    assert found.certainty == pytest.approx(0.9)


def test_it_is_surer_of_what_is_clear_expected_and_agreed() -> None:
    plain = confidence(cropped("KV482BT"))
    assert 0.5 < plain < 1
    assert confidence(cropped("KV482BT", 0.8)) < plain
    assert confidence(cropped("K4V8B2T")) < plain
    assert confidence(cropped("9014051")) < plain
    assert confidence(cropped("KV482BT"), inside=False) < plain
    assert confidence(cropped("KV482BT"), cropped("KV482BT")) > plain
    assert confidence(cropped("KV482BT"), cropped("KV452BT")) < plain


def test_it_lets_crops_vote_character_by_character() -> None:
    doubtful = cropped("XV482BT", 0.55, "KV482BT")
    plate = best_plate([doubtful, cropped("KV482BT", 0.9)], EVERYWHERE)
    assert plate is not None
    assert plate.text == "KV482BT" == plate.candidates[0].text
    assert [one.text for one in plate.candidates][:2] == ["KV482BT", "XV482BT"]
    assert [one[0][0] for one in plate.characters] == list("KV482BT")


def test_it_lets_formats_decide_between_what_looks_alike() -> None:
    plate = best_plate([cropped("OBC1234", 0.5, "0BC1234")], Formats(("br",)))
    assert plate is not None
    assert plate.text == "OBC1234"
    plate = best_plate([cropped("8BC1234", 0.6, "BBC1234")], Formats(("br",)))
    assert plate is not None
    assert plate.text == "BBC1234"


def test_it_finds_no_plate_without_a_crop() -> None:
    assert best_plate([], EVERYWHERE) is None


def test_it_expects_what_most_plates_are() -> None:
    assert prior("KV482BT", EVERYWHERE) == 1
    assert 0 < prior("AB12", EVERYWHERE) < prior("KV482BT", EVERYWHERE)
    assert prior("0123456789", EVERYWHERE) == 0


def test_it_gives_probabilities() -> None:
    worst, best = Evidence.of([0.0], 1, 0.0, 0, False), Evidence.of([1.0] * 9, 1e9, 1.0, 9, True)
    assert 0 < worst.probability() < 0.01
    assert 0.95 < best.probability() < 1


def test_it_groups_crops_by_where_they_lie() -> None:
    left, near, far = (cropped("KV482BT", line=Line(x, 20, 80, 20, 0, 0.9)) for x in (50, 55, 300))
    assert [len(place) for place in places([left, far, near])] == [2, 1]


def test_it_drops_repeats_and_blanks_from_the_path() -> None:
    path = [0, 1, 1, 0, 1, 2, 2, 0]
    distributions = np.eye(3, dtype=np.float32)[path] * np.float32(0.8)
    text, certainties = best_path(distributions, ["", "A", "7"])
    assert text == "AA7"
    assert certainties == pytest.approx((0.8, 0.8, 0.8))
