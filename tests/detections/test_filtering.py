"""What a camera wants, as pure functions see it."""

import pytest

from detections.detectors.base import FoundObject
from detections.filtering import Polygon, Wanted, foot_of, is_inside, wanted

LEFT_HALF: Polygon = [[0, 0], [0.5, 0], [0.5, 1], [0, 1]]
LOWER_HALF: Polygon = [[0, 0.5], [1, 0.5], [1, 1], [0, 1]]
HORSESHOE: Polygon = [[0, 0], [1, 0], [1, 1], [0.7, 1], [0.7, 0.3], [0.3, 0.3], [0.3, 1], [0, 1]]


def thing(label: str = "car", score: float = 0.6, box: tuple[float, ...] = (100, 100, 300, 200)) -> FoundObject:
    x1, y1, x2, y2 = box
    return FoundObject(label, score, (x1, y1, x2, y2))


def kept(wants: Wanted, *found: FoundObject) -> list[str]:
    return [one.label for one in wanted(found, wants, 1000, 500)]


def test_a_camera_that_says_nothing_keeps_everything_in_its_order() -> None:
    assert kept(Wanted(), thing("dog", 0.9), thing("car", 0.01), thing("cat", 0.5)) == ["dog", "car", "cat"]


def test_it_keeps_the_labels_that_are_asked_for() -> None:
    assert kept(Wanted(labels=frozenset({"car", "cat"})), thing("dog"), thing("car")) == ["car"]


@pytest.mark.parametrize(
    ("label", "score", "expected"),
    [("car", 0.4, True), ("car", 0.39, False), ("person", 0.7, True), ("person", 0.69, False), ("dog", 0.3, True)],
)
def test_a_label_may_have_a_score_of_its_own(label: str, score: float, expected: bool) -> None:
    wants = Wanted(floor=0.25, score=0.4, scores={"person": 0.7, "dog": 0.3})
    assert bool(kept(wants, thing(label, score))) is expected


@pytest.mark.parametrize("own", [{"score": 0.1}, {"scores": {"car": 0.1}}, {}])
def test_no_camera_keeps_what_is_below_the_floor(own: dict[str, object]) -> None:
    wants = Wanted(floor=0.25, **own)  # type: ignore[arg-type]
    assert kept(wants, thing(score=0.25)) == ["car"]
    assert kept(wants, thing(score=0.2499)) == []


def test_boxes_have_a_smallest_and_a_largest_share_of_the_picture() -> None:
    box = thing(box=(0, 0, 100, 50))  # one percent of 1000 x 500
    for least, most, expected in [(0.01, 1, 1), (0.0101, 1, 0), (0, 0.01, 1), (0, 0.0099, 0)]:
        assert len(kept(Wanted(min_share=least, max_share=most), box)) == expected, (least, most)


def test_a_thing_is_where_the_middle_of_its_bottom_edge_is() -> None:
    assert foot_of((100, 0, 300, 250), 1000, 500) == (0.2, 0.5)
    tall = thing("person", box=(600, 0, 700, 300))  # its middle is in the upper half, its feet are in the lower
    assert kept(Wanted(include=[LOWER_HALF]), tall) == ["person"]
    assert kept(Wanted(ignore=[LOWER_HALF]), tall) == []


def test_where_there_are_zones_to_include_it_has_to_be_in_one_of_them() -> None:
    left, right = thing("cat", box=(0, 0, 100, 100)), thing("dog", box=(800, 0, 900, 100))
    assert kept(Wanted(include=[LEFT_HALF]), left, right) == ["cat"]
    assert kept(Wanted(include=[LEFT_HALF, [[0.8, 0], [1, 0], [1, 1], [0.8, 1]]]), left, right) == ["cat", "dog"]


def test_what_is_in_a_zone_to_ignore_is_left_out_though_another_includes_it() -> None:
    left, right = thing("cat", box=(0, 0, 100, 100)), thing("dog", box=(800, 0, 900, 100))
    assert kept(Wanted(ignore=[LEFT_HALF]), left, right) == ["dog"]
    assert kept(Wanted(include=[[[0, 0], [1, 0], [1, 1], [0, 1]]], ignore=[LEFT_HALF]), left, right) == ["dog"]


def test_what_the_lower_edge_of_the_picture_cuts_is_in_the_zone_that_ends_there() -> None:
    assert kept(Wanted(include=[LOWER_HALF]), thing(box=(0, 400, 200, 500)), thing("cat", box=(900, 0, 1000, 500)))


@pytest.mark.parametrize(
    ("point", "expected"),
    [
        ((0.1, 0.9), True),
        ((0.5, 0.9), False),  # between the arms
        ((0.9, 0.9), True),
        ((0.5, 0.1), True),
        ((0.5, 0.3), True),  # on an inner edge
        ((0.3, 0.3), True),  # on a corner
        ((0.15, 0.3), True),  # level with corners
        ((0.5, 0.31), False),
        ((1.0, 0.0), True),
        ((1.01, 0.5), False),
        ((-0.01, 0.5), False),
    ],
)
def test_zones_may_have_any_shape(point: tuple[float, float], expected: bool) -> None:
    assert is_inside(point, HORSESHOE) is expected
    assert is_inside(point, HORSESHOE[::-1]) is expected, "whichever way round it was drawn"


def test_of_a_zone_that_crosses_itself_both_halves_count() -> None:
    bow: Polygon = [[0, 0], [1, 1], [1, 0], [0, 0.9]]
    assert is_inside((0.1, 0.5), bow)
    assert is_inside((0.9, 0.5), bow)
    assert not is_inside((0.5, 0.9), bow)
