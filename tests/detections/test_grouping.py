"""Several labels of one thing are one thing."""

from dataclasses import dataclass

import pytest

from detections.grouping import Thing, counts, overlap, shadowed, things

BOX = (100.0, 100.0, 200.0, 200.0)


@dataclass
class Found:
    label: str
    box: tuple[float, float, float, float] = BOX


def moved(by: float) -> tuple[float, float, float, float]:
    return (100 + by, 100, 200 + by, 200)


def names(*found: Found) -> list[str]:
    return [thing.name for thing in things(found)]


def test_it_knows_how_much_boxes_share() -> None:
    assert overlap(BOX, BOX) == 1
    assert overlap(BOX, moved(50)) == pytest.approx(1 / 3)
    assert overlap(BOX, moved(100)) == overlap(BOX, moved(500)) == 0
    assert overlap(BOX, (100, 100, 100, 200)) == 0


def test_the_surest_label_names_a_thing_and_the_others_follow() -> None:
    assert names(Found("car"), Found("truck"), Found("bus")) == ["car or truck or bus"]
    assert names(Found("dog"), Found("cat")) == ["dog or cat"]


def test_boxes_that_share_less_are_things_of_their_own() -> None:
    assert names(Found("car"), Found("truck", moved(17))) == ["car or truck"]
    assert names(Found("car"), Found("truck", moved(18))) == ["car", "truck"]


def test_labels_that_are_not_taken_for_one_another_stay_apart() -> None:
    assert names(Found("person"), Found("chair"), Found("car"), Found("dog")) == ["person", "chair", "car", "dog"]
    assert names(Found("person"), Found("person")) == ["person", "person"]
    assert names(Found("fox"), Found("badger")) == ["fox", "badger"], "of a model with labels of its own"


def test_a_label_that_comes_twice_is_said_once() -> None:
    assert names(Found("car"), Found("truck"), Found("car"), Found("truck")) == ["car or truck"]


def test_what_is_like_the_second_but_not_like_the_first_stands_alone() -> None:
    assert names(Found("car"), Found("truck", moved(15)), Found("bus", moved(30))) == ["car or truck", "bus"]


def test_it_counts_each_thing_once() -> None:
    found = [Found("car"), Found("truck"), Found("car", moved(300)), Found("person"), Found("person")]
    assert counts(found) == {"car": 2, "person": 2}
    assert shadowed(found) == [False, True, False, False, False]


def test_a_thing_keeps_its_boxes() -> None:
    car, truck = Found("car"), Found("truck")
    assert things([car, truck]) == [Thing(car, [truck])]
    assert things([]) == []
