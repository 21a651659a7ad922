"""One text out of several."""

from __future__ import annotations

import pytest

from plates.consensus import merge
from plates.likeness import alignment, distance
from plates.readings import Seen
from tests.web.making import AT


def seen(text: str, confidence: float = 0.8, number: int = 1, **facts: object) -> Seen:
    return Seen(number, number, AT, (0, 0, 100, 20), text, text, confidence, **facts)  # type: ignore[arg-type]


def merged(*texts: tuple[str, float]) -> tuple[str, float]:
    found = merge([seen(text, confidence, number) for number, (text, confidence) in enumerate(texts)])
    return found.text, found.confidence


def test_one_reading_stands_as_it_is() -> None:
    text, confidence = merged(("KV482BT", 0.7))
    assert (text, round(confidence, 6)) == ("KV482BT", 0.7)


def test_agreement_makes_surer_and_disagreement_less_so() -> None:
    _, two = merged(("KV482BT", 0.7), ("KV482BT", 0.7))
    _, eight = merged(*[("KV482BT", 0.7)] * 8)
    _, divided = merged(("KV482BT", 0.7), ("KV482BT", 0.7), ("KV4B2BT", 0.7))
    assert 0.7 < two < eight < 1
    assert divided < 0.7


def test_the_sure_outvote_the_many_that_are_not() -> None:
    assert merged(("KV482BT", 0.95), ("KV4B2BT", 0.4), ("KV4B2BT", 0.4))[0] == "KV482BT"


def test_right_characters_of_readings_that_all_are_wrong_make_the_right_text() -> None:
    assert merged(("KV4B2BT", 0.7), ("XV482BT", 0.7), ("KV482B7", 0.7))[0] == "KV482BT"


@pytest.mark.parametrize(
    "texts",
    [
        ["KV482BT", "482BT", "KV482BT"],  # cut off at its beginning
        ["KV482B", "KV482BT", "KV482", "KV482BT", "KV482B"],  # more often cut off than not
        ["IKV482BT", "KV482BT", "KV482BT"],  # a bolt taken for a letter
        ["KV482BT", "KV48I2BT", "KV482BT"],
        ["KV42BT", "KV482BT", "KV482BT"],
    ],
)
def test_characters_too_many_or_too_few_find_their_places(texts: list[str]) -> None:
    assert merged(*[(text, 0.7) for text in texts])[0] == "KV482BT"


def test_what_else_a_reader_considered_counts() -> None:
    torn = seen("KV4B2BT", 0.6, 1, candidates=(("KV4B2BT", 0.6), ("KV482BT", 0.58)))
    assert merge([torn, seen("KV482BT", 0.35, 2)]).text == "KV482BT"
    sure = seen("KV4B2BT", 0.6, 1)
    assert merge([sure, seen("KV482BT", 0.35, 2)]).text == "KV4B2BT"


def test_the_readers_probabilities_count_more_than_its_other_texts() -> None:
    places = [{one: 0.99} for one in "KV4"] + [{"8": 0.49, "B": 0.5}] + [{one: 0.99} for one in "2BT"]
    torn = seen("KV4B2BT", 0.6, 1, characters=tuple(places))
    assert merge([torn, seen("KV482BT", 0.5, 2)]).text == "KV482BT"


def test_peoples_word_stands() -> None:
    said = Seen(3, 3, AT, (0, 0, 1, 1), "KV4B2BT", "KV482BT", 0.2, corrected=True)
    found = merge([seen("KV4B2BT", 0.99, number) for number in range(5)] + [said])
    assert (found.text, found.confidence) == ("KV482BT", 1.0)


def test_the_order_of_readings_changes_nothing() -> None:
    texts = [("KV4B2BT", 0.5), ("KV482BT", 0.5), ("KV482B7", 0.5), ("482BT", 0.5)]
    assert len({merged(*texts[number:], *texts[:number])[0] for number in range(4)}) == 1


def test_hundreds_of_readings_are_merged_too() -> None:
    assert merged(*[("KV482BT", 0.6)] * 300)[0] == "KV482BT"


def test_look_alikes_cost_less_and_the_way_back_as_much() -> None:
    assert distance("KV482BT", "KV482BT") == 0
    assert distance("KVO82BT", "KV082BT") < distance("KV482BT", "KV4B2BT") < distance("KV482BT", "KV4X2BT") == 1
    for one, other in (("KV482BT", "482BT"), ("AB12", "BA21"), ("8B", "B8"), ("", "AB")):
        assert distance(one, other) == distance(other, one)


def test_alignment_pairs_characters_in_order() -> None:
    assert alignment("AB", "AXB") == [(0, 0), (None, 1), (1, 2)]
    assert alignment("AB", "B") == [(0, None), (1, 0)]
    assert alignment("", "A") == [(None, 0)]
