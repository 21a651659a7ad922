"""Finding plates by parts of their texts and by notes."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries as Most

from plates import searching
from plates.models import Plate, PlatePart
from plates.searching import holding
from plates.text import endings, normalise
from web.plate_patterns import like_pattern

pytestmark = pytest.mark.django_db
SEARCHES = ("A", "B1", "b 1", "AB1", "1B", "ABAB", "ABBA1ABBA1ABBA1A", "Mia", "IA B", "red", "van", "%", "_")


@pytest.fixture
def plates() -> list[Plate]:
    """Plates of few different characters, so that parts come up again and again, some with notes."""
    chance = random.Random(7)
    texts = {"".join(chance.choices("AB1", k=chance.randint(1, 6))) for _ in range(120)} | {"ABBA1ABBA1ABBA1A"}
    notes = [{"owner": "Mia Brandt"}, {"colour": "Red"}, {"vehicle_type": "van"}, {"owner": "100% _1"}, *[{}] * 20]
    return [Plate.objects.create(text=text, **chance.choice(notes)) for text in sorted(texts)]


def held(plate: Plate, search: str) -> bool:
    """What a search means, without a database."""
    words = (plate.owner, plate.colour, plate.vehicle_type)
    text = normalise(search)
    return (bool(text) and text in plate.text) or any(search.lower() in word.lower() for word in words)


@pytest.mark.parametrize("few", [900, 3])
def test_it_finds_every_plate_that_has_the_text_anywhere_and_no_other(
    plates: list[Plate], few: int, monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: Most
) -> None:
    monkeypatch.setattr(searching, "FEW", few)
    for search in SEARCHES:
        with django_assert_max_num_queries(2):
            found = set(Plate.objects.filter(holding(search)).values_list("text", flat=True))
        assert found == {one.text for one in plates if held(one, search)}, search


def test_it_asks_indexes_alone(plates: list[Plate]) -> None:
    with CaptureQueriesContext(connection) as asked:
        list(Plate.objects.filter(holding("AB1")))
        list(like_pattern(Plate.objects.all(), "*AB1"))
    if connection.vendor == "sqlite":
        for query in asked.captured_queries:
            with connection.cursor() as cursor:
                cursor.execute("EXPLAIN QUERY PLAN " + query["sql"].replace("%", "%%"))
                plan = [row[3] for row in cursor.fetchall()]
            assert plan and not [step for step in plan if step.startswith("SCAN plates_")], plan


def test_patterns_find_what_they_would_by_hand(plates: list[Plate]) -> None:
    meant: dict[str, Callable[[str], bool]] = {
        "BA": lambda text: "BA" in text,
        "?BA*": lambda text: text[1:3] == "BA",
        "*1A": lambda text: text.endswith("1A"),
        "*B1?A*": lambda text: any(
            text[at : at + 2] == "B1" and text[at + 3 : at + 4] == "A" for at in range(len(text))
        ),
        "???": lambda text: len(text) == 3,
        "AB*": lambda text: text.startswith("AB"),
    }
    for pattern, right in meant.items():
        found = set(like_pattern(Plate.objects.all(), pattern))
        assert found == {one.pk for one in plates if right(one.text)}, pattern


def test_the_parts_of_a_plate_come_and_go_with_it() -> None:
    plate = Plate.objects.create(text="AB12")
    plate.owner = "Mia"
    plate.save()
    assert (
        sorted(PlatePart.objects.values_list("text", flat=True))
        == ["12", "2", "AB12", "B12"]
        == sorted(endings("AB12"))
    )
    assert list(Plate.objects.filter(noted=True)) == [plate]
    Plate.objects.update(owner="")
    assert not Plate.objects.filter(noted=True)
    plate.delete()
    assert not PlatePart.objects.exists()
