"""Which plate a text is."""

from __future__ import annotations

import random
import string
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from plates.likeness import distance
from plates.matching import LIKE, match, near
from plates.models import Plate, PlateAlias, PlateKey, SightingStatus
from plates.text import keys

pytestmark = pytest.mark.django_db


def plates(*texts: str, **facts: Any) -> None:
    for text in texts:
        Plate.objects.create(text=text, **facts)


def found(text: str, confidence: float = 0.8, *candidates: tuple[str, float]) -> tuple[str, str | None]:
    one = match(text, confidence, candidates, 0.5)
    return one.status, one.plate.text if one.plate else None


@pytest.mark.parametrize(
    ("text", "plate"),
    [
        ("KV482BT", "KV482BT"),
        ("KVA82BT", "KV482BT"),  # A and 4
        ("KV4B2BT", "KV482BT"),
        ("KV4828T", "KV482BT"),
        ("KV4B28T", "KV482BT"),  # two look-alikes
        ("X01552Z", "XO15522"),
    ],
)
def test_it_finds_a_plate_exactly_or_by_look_alikes(text: str, plate: str) -> None:
    plates("KV482BT", "XO15522", "AB123CD")
    assert found(text) == (SightingStatus.MATCHED, plate)


def test_the_exact_form_wins_over_any_look_alike() -> None:
    plates("KV482BT", "KV4B2BT")
    assert found("KV4B2BT") == (SightingStatus.MATCHED, "KV4B2BT")


def test_two_plates_that_are_alike_near_are_ambiguous_and_both_are_shown() -> None:
    plates("KV482BT", "KVA828T")
    one = match("KVA82BT", 0.8, [], 0.5)
    assert one.status == SightingStatus.AMBIGUOUS
    assert one.plate is None
    assert [each["text"] for each in one.matches] == ["KV482BT", "KVA828T"]


def test_another_character_is_another_plate_where_the_text_is_sure_and_ambiguous_where_not() -> None:
    plates("KV482BT")
    assert found("KV483BT", 0.8) == (SightingStatus.AMBIGUOUS, None)
    assert found("KV483BT", 0.95) == (SightingStatus.NEW, None)


def test_a_sure_text_is_a_plate_of_its_own_unless_people_know_the_one_it_looks_like() -> None:
    plates("KV482BT")
    assert found("KV4B2BT", 0.95) == (SightingStatus.NEW, None)
    Plate.objects.update(owner="Neighbour")
    assert found("KV4B2BT", 0.95) == (SightingStatus.MATCHED, "KV482BT")
    plates("XO15522")
    assert found("X015522", 0.99) == (SightingStatus.MATCHED, "XO15522"), "O and 0 are no difference"


def test_many_look_alikes_are_too_many_to_be_sure() -> None:
    plates("XO15522")
    assert found("XO1SS2Z") == (SightingStatus.AMBIGUOUS, None)


@pytest.mark.parametrize("text", ["XX482BT", "ZZZ2BT", "82BT", "AAA2BT", "KV482XX"])
def test_the_same_end_alone_is_no_match(text: str) -> None:
    plates("KV482BT")
    assert found(text) == (SightingStatus.NEW, None)


def test_what_else_the_reader_considered_counts_less_than_the_text() -> None:
    plates("KV482BT")
    assert found("KX777BT", 0.6, ("KV482BT", 0.55)) == (SightingStatus.MATCHED, "KV482BT")
    assert found("KX777BT", 0.6, ("KV48ZBT", 0.55)) == (SightingStatus.MATCHED, "KV482BT")
    assert found("KX777BT", 0.6, ("KVX82BT", 0.1)) == (SightingStatus.NEW, None)


def test_a_doubtful_text_is_unknown_with_what_it_could_be() -> None:
    plates("KV482BT")
    one = match("KV4B2BT", 0.3, [], 0.5)
    assert (one.status, one.plate, [each["text"] for each in one.matches]) == ("unknown", None, ["KV482BT"])
    assert found("KV482BT", 0.3) == (SightingStatus.MATCHED, "KV482BT")
    assert found("", 0.0) == (SightingStatus.UNKNOWN, None)


def test_what_people_taught_stands_above_all() -> None:
    plates("KV482BT", "QQ111QQ")
    PlateAlias.objects.create(text="QQ111QQ", plate=Plate.objects.get(text="KV482BT"))
    PlateAlias.objects.create(text="TAX1")
    assert found("QQ111QQ", 0.99) == (SightingStatus.MATCHED, "KV482BT")
    assert not match("TAX1", 0.99, [], 0.5).is_plate


def test_keys_find_every_plate_that_a_walk_over_all_would_find(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    some = random.Random(11)
    letters = string.ascii_uppercase + string.digits
    known = {"".join(some.choices(letters, k=some.choice((5, 6, 7, 8)))) for _ in range(400)}
    plates(*known)
    for text in list(known)[:60]:
        at = some.randrange(len(text))
        asked = some.choice([text[:at] + text[at + 1 :], text[:at] + some.choice(letters) + text[at:], text])
        asked = "".join({"0": "O", "8": "B", "V": "Y"}.get(one, one) for one in asked)
        expected = {other for other in known if distance(asked, other) <= LIKE}
        with django_assert_num_queries(1):
            assert {plate.text for _, plate in near([(asked, 0.0)])} == expected


def test_every_plate_has_its_keys_once_and_takes_them_along() -> None:
    plates("KV482BT")
    plate = Plate.objects.get()
    plate.owner = "Neighbour"
    plate.save()
    assert sorted(plate.keys.values_list("key", flat=True)) == sorted(keys("KV482BT"))
    plate.delete()
    assert not PlateKey.objects.exists()
