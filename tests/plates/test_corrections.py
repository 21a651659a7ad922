"""What people correct, what that teaches, and how it is taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from accounts.models import User
from cameras.models import Visit
from ingest.reprocessing import forget
from plates.corrections import correct_alike, correct_reading, correct_vehicle
from plates.merging import merge_plates
from plates.models import Correction, Plate, PlateAlias, PlateReading, RecognitionRun, Sighting
from plates.readers.base import FoundPlate
from plates.services import save_readings
from plates.sightings import merge_sightings
from plates.undoing import undo
from tests.plates.test_sightings import states, visit_of
from tests.web.making import AT

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("data_dir")]


@pytest.fixture
def anna() -> User:
    return User.objects.create_user("anna")


def closed(text: str, confidence: float = 0.8) -> Visit:
    """A visit that is over, on whose one picture a text was read."""
    visit = visit_of([(text, confidence)])
    merge_sightings(visit.pk, closing=True)
    Visit.objects.filter(pk=visit.pk).update(closed_at=AT)
    return visit


def reading_of(visit: Visit) -> PlateReading:
    return PlateReading.objects.get(image__visit=visit)


def everything() -> list[object]:
    """All that corrections may change, without the numbers of plates that were made anew."""
    sightings = Sighting.objects.order_by("pk").values_list("text", "status", "plate__text", "confidence")
    readings = PlateReading.objects.order_by("pk")
    facts = readings.values_list("text", "plate__text", "corrected_by", "corrected_at")
    aliases = PlateAlias.objects.order_by("text").values_list("text", "plate__text")
    plates = Plate.objects.order_by("text").values_list("text", "owner", "list", "colour", "created_at")
    return [list(one) for one in (sightings, facts, aliases, plates)]


def test_a_corrected_reading_takes_its_vehicle_along_and_teaches(anna: User) -> None:
    visit = closed("XX777YY")
    made = correct_reading(reading_of(visit), "kv 482-bt", anna)
    assert states(visit) == [("KV482BT", "matched", "KV482BT")]
    assert (made.was, made.text, made.by, made.kind, made.readings) == ("XX777YY", "KV482BT", anna, "reading", 1)
    row = reading_of(visit)
    assert (row.text, row.raw_text, row.corrected_by) == ("KV482BT", "XX777YY", anna)
    assert not Plate.objects.filter(text="XX777YY").exists(), "it was never more than a misreading"
    assert states(closed("XX777YY")) == [("XX777YY", "matched", "KV482BT")]


def test_all_alike_are_corrected_at_once_and_those_to_come(anna: User) -> None:
    visits = [closed("XX777YY") for _ in range(3)]
    other = closed("AB123CD")
    made = correct_alike(reading_of(visits[0]), "KV482BT", anna)
    assert made.readings == 3
    assert [states(visit) for visit in visits] == [[("KV482BT", "matched", "KV482BT")]] * 3
    assert states(other) == [("AB123CD", "new", "AB123CD")]
    assert states(closed("XX777YY"))[0][2] == "KV482BT"


def test_visits_beyond_the_first_ones_are_left_to_the_schedule(anna: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("plates.remerging.MERGED_AT_ONCE", 1)
    visits = [closed("XX777YY") for _ in range(3)]
    correct_alike(reading_of(visits[2]), "KV482BT", anna)
    assert set(Visit.objects.filter(stale=True)) == set(visits[1:])


def test_one_correction_teaches_nothing_where_others_were_read_so_too_or_people_know_that_plate(anna: User) -> None:
    first = closed("XX777YY")
    closed("XX777YY")
    correct_reading(reading_of(first), "KV482BT", anna)
    assert not PlateAlias.objects.exists()
    known = closed("ZZ999ZZ")
    Plate.objects.filter(text="ZZ999ZZ").update(owner="Neighbour")
    correct_reading(reading_of(known), "KV482BT", anna)
    assert not PlateAlias.objects.exists()
    assert Plate.objects.get(text="ZZ999ZZ").owner == "Neighbour"


def test_what_is_no_plate_is_none_from_now_on(anna: User) -> None:
    visit = closed("TAX1ABC")
    correct_alike(reading_of(visit), "", anna)
    assert [one[1:] for one in states(visit)] == [("unknown", None)], "the vehicle around it was seen all the same"
    assert not Plate.objects.exists()
    assert states(closed("TAX1ABC"))[0][1:] == ("unknown", None)


def test_two_plates_become_one_with_all_they_have(anna: User) -> None:
    visits = closed("KV482BT"), closed("XX777YY")
    plate, into = Plate.objects.get(text="XX777YY"), Plate.objects.get(text="KV482BT")
    Plate.objects.filter(pk=plate.pk).update(owner="Neighbour", list="known")
    Plate.objects.filter(pk=into.pk).update(colour="red")
    made = merge_plates(plate, into, anna)
    into.refresh_from_db()
    assert (into.owner, into.list, into.colour) == ("Neighbour", "known", "red")
    assert (into.readings.count(), into.sightings.count(), made.readings) == (2, 2, 1)
    assert list(Plate.objects.all()) == [into]
    assert states(closed("XX777YY")) == [("XX777YY", "matched", "KV482BT")]
    merge_sightings(visits[1].pk)
    assert states(visits[1]) == [("XX777YY", "matched", "KV482BT")], "also when it is merged anew"


def corrected(anna: User) -> Correction:
    return correct_reading(PlateReading.objects.order_by("pk")[0], "KV482BT", anna)


def all_corrected(anna: User) -> Correction:
    return correct_alike(PlateReading.objects.order_by("pk")[0], "KV482BT", anna)


def no_plate(anna: User) -> Correction:
    return correct_alike(PlateReading.objects.order_by("pk")[0], "", anna)


def plates_merged(anna: User) -> Correction:
    return merge_plates(Plate.objects.get(text="XX777YY"), Plate.objects.get(text="AB123CD"), anna)


@pytest.mark.parametrize("what", [corrected, all_corrected, no_plate, plates_merged])
def test_undoing_leaves_everything_as_it_was_and_forgets_what_was_taught(
    what: Callable[[User], Correction], anna: User
) -> None:
    closed("XX777YY")
    closed("AB123CD")
    Plate.objects.filter(text="XX777YY").update(owner="")
    before = everything()
    made = what(anna)
    assert everything() != before
    undone = undo(made, anna)
    after = everything()
    assert sorted(one[0] for one in after[0]) == sorted(one[0] for one in before[0])  # type: ignore[attr-defined]
    assert after[1:3] == before[1:3]
    assert (undone.undone_by, undone.undone_at is not None) == (anna, True)
    assert [one[0] for one in after[3]] == [one[0] for one in before[3]]  # type: ignore[attr-defined]
    assert states(closed("XX777YY"))[0][2] == "XX777YY"
    with pytest.raises(ValidationError):
        undo(made, anna)


def test_undoing_leaves_alone_what_was_corrected_again(anna: User) -> None:
    visit = closed("XX777YY")
    first = correct_reading(reading_of(visit), "KV482BT", anna)
    correct_reading(reading_of(visit), "QQ111QQ", anna)
    undo(first, anna)
    assert states(visit) == [("QQ111QQ", "matched", "QQ111QQ")]
    assert PlateAlias.objects.get().plate == Plate.objects.get(text="QQ111QQ")


def test_a_text_that_people_say_is_right_is_no_alias_any_more(anna: User) -> None:
    visit = closed("XX777YY")
    correct_reading(reading_of(visit), "KV482BT", anna)
    correct_reading(reading_of(visit), "XX777YY", anna)
    assert not PlateAlias.objects.exists()
    assert states(visit) == [("XX777YY", "matched", "XX777YY")]


@pytest.mark.parametrize("text", ["???", "A" * 17])
def test_what_cannot_be_a_plate_is_refused_by_name(anna: User, text: str) -> None:
    visit = closed("XX777YY")
    with pytest.raises(ValidationError, match=r"\?\?\?|AAAA"):
        correct_reading(reading_of(visit), text, anna)
    plate = Plate.objects.get()
    with pytest.raises(ValidationError):
        merge_plates(plate, plate, anna)
    assert not Correction.objects.exists()


def test_a_corrected_reading_survives_reprocessing_and_gets_no_twin(anna: User) -> None:
    visit = closed("XX777YY")
    row = reading_of(visit)
    correct_reading(row, "KV482BT", anna)
    forget(row.image)
    run = RecognitionRun.objects.get(image=row.image)
    elsewhere = FoundPlate("AB123CD", "AB123CD", 0.9, (900, 300, 1000, 320), ())
    save_readings(run, [FoundPlate("XX777YY", "XX777YY", 0.8, row.box, ()), elsewhere])
    merge_sightings(visit.pk)
    assert sorted(PlateReading.objects.values_list("text", flat=True)) == ["AB123CD", "KV482BT"]
    assert sorted(one[0] for one in states(visit)) == ["AB123CD", "KV482BT"]


def test_a_plate_keeps_its_first_day_when_a_merge_is_undone(anna: User) -> None:
    closed("XX777YY")
    closed("AB123CD")
    then = AT - timedelta(days=9)
    Plate.objects.filter(text="XX777YY").update(created_at=then)
    undo(plates_merged(anna), anna)
    assert Plate.objects.get(text="XX777YY").created_at == then


def test_a_vehicle_is_corrected_with_all_its_readings_and_back(anna: User) -> None:
    visit = visit_of([("XX777YY", 0.8)], [("XX777VV", 0.7)], [("XX777YY", 0.75)])
    merge_sightings(visit.pk, closing=True)
    Visit.objects.filter(pk=visit.pk).update(closed_at=AT)
    before = everything()[:3]
    made = correct_vehicle(visit.sightings.get(), "KV482BT", anna)
    assert (made.was, made.text, made.readings) == ("XX777YY", "KV482BT", 3)
    assert states(visit) == [("KV482BT", "matched", "KV482BT")], "one vehicle, however differently it was read"
    assert PlateAlias.objects.get().text == "XX777YY", "what its readings made together"
    undo(made, anna)
    assert everything()[:3] == before


def test_a_vehicle_that_is_corrected_again_follows_the_last_word(anna: User) -> None:
    visit = closed("XX777YY")
    first = correct_vehicle(visit.sightings.get(), "KV482BT", anna)
    correct_vehicle(visit.sightings.get(), "AB123CD", anna)
    assert states(visit) == [("AB123CD", "matched", "AB123CD")]
    undo(first, anna)
    assert states(visit) == [("AB123CD", "matched", "AB123CD")], "what was said since then stays"


def test_a_vehicle_that_is_no_plate_is_gone_and_one_without_readings_cannot_be_corrected(anna: User) -> None:
    visit = visit_of([("TAX1ABC", 0.8)], [("TAX1ABD", 0.7)])
    merge_sightings(visit.pk, closing=True)
    correct_vehicle(visit.sightings.get(), "", anna)
    assert [one[1:] for one in states(visit)] == [("unknown", None)]
    with pytest.raises(ValidationError, match="No reading of that vehicle"):
        correct_vehicle(visit.sightings.get(), "KV482BT", anna)


@pytest.mark.parametrize("said", ["QQ42QQ", "QQ42QQ7"])
def test_a_plate_that_a_correction_made_goes_with_its_undoing(anna: User, said: str) -> None:
    visit = visit_of([("QQ42QQ", 0.3)], [("QQ42QQ", 0.2)])
    merge_sightings(visit.pk, closing=True)
    made = correct_vehicle(visit.sightings.get(), said, anna)
    assert states(visit) == [(said, "matched", said)]
    undo(made, anna)
    assert states(visit) == [("QQ42QQ", "unknown", None)] and not Plate.objects.exists()


def test_a_plate_that_a_correction_made_stays_where_something_else_speaks_for_it(anna: User) -> None:
    first, other = closed("QQ42QQ", 0.3), closed("ZZ99ZZ", 0.3)
    made = correct_vehicle(first.sightings.get(), "KV482BT", anna)
    correct_vehicle(other.sightings.get(), "KV482BT", anna)
    undo(made, anna)
    assert states(first) == [("QQ42QQ", "unknown", None)] and states(other) == [("KV482BT", "matched", "KV482BT")]


def test_what_is_corrected_twice_teaches_what_the_reader_said_and_not_what_its_raw_text_was(anna: User) -> None:
    visit = visit_of([("OZ319A", 0.8)])
    read = [{"text": "OZ319A", "confidence": 0.8}, {"text": "02319A", "confidence": 0.2}]
    PlateReading.objects.filter(image__visit=visit).update(raw_text="(02 319A", candidates=read)
    merge_sightings(visit.pk, closing=True)
    for right in ("AB123CD", "KV482BT"):
        correct_reading(reading_of(visit), right, anna)
        assert list(PlateAlias.objects.values_list("text", "plate__text")) == [("OZ319A", right)]
    correct_vehicle(visit.sightings.get(), "AB123CD", anna)
    assert list(PlateAlias.objects.values_list("text", "plate__text")) == [("OZ319A", "AB123CD")]


@pytest.mark.parametrize("right", ["QQ42QQ", "KV482BT", ""])
def test_vehicles_in_doubt_with_that_text_follow_at_once_and_go_back_with_it(anna: User, right: str) -> None:
    visits = [closed("QQ42QQ", 0.3) for _ in range(3)]
    made = correct_vehicle(visits[1].sightings.get(), right, anna)
    settled = ("matched", right) if right else ("unknown", None)
    assert [states(visit)[0][1:] for visit in visits] == [settled] * 3
    assert made.readings == 1, "the others were not corrected, they are matched"
    if right != "QQ42QQ":  # that would speak for the plate itself
        visits.append(closed("QQ42QQ", 0.3))
    undo(made, anna)
    assert {str(states(visit)) for visit in visits} == {"[('QQ42QQ', 'unknown', None)]"}
    assert not Plate.objects.exists() and not PlateAlias.objects.exists()


def test_what_stood_for_a_plate_by_mistake_is_a_plate_again(anna: User) -> None:
    made = correct_reading(reading_of(closed("XX777YY")), "KV482BT", anna)
    since = closed("XX777YY")
    assert states(since)[0][2] == "KV482BT"
    undo(made, anna)
    assert states(since)[0][2] == "XX777YY"


def test_readings_that_people_told_apart_stay_two_vehicles(anna: User) -> None:
    visit = visit_of([("KV482BT", 0.8)], [("KV482BT", 0.8)], [("KV482BT", 0.8)])
    merge_sightings(visit.pk, closing=True)
    first, second, third = PlateReading.objects.filter(image__visit=visit).order_by("at")
    for reading in (first, third):
        correct_reading(reading, "KV482BT", anna)
    correct_reading(second, "AB123CD", anna)
    assert sorted(one[0] for one in states(visit)) == ["AB123CD", "KV482BT"]


def test_what_people_said_of_a_vehicle_stands_whatever_its_text_is_a_misreading_of_elsewhere(anna: User) -> None:
    visits = [closed("XX777YY") for _ in range(2)]
    correct_vehicle(visits[0].sightings.get(), "XX777YY", anna)
    made = correct_alike(reading_of(visits[1]), "KV482BT", anna)
    assert [states(visit)[0][2] for visit in visits] == ["XX777YY", "KV482BT"]
    for visit in visits:
        merge_sightings(visit.pk)
    assert [states(visit)[0][2] for visit in visits] == ["XX777YY", "KV482BT"], "also when they are merged anew"
    undo(made, anna)
    merge_plates(Plate.objects.get(text="XX777YY"), Plate.objects.create(text="AB123CD"), anna)
    merge_sightings(visits[0].pk)
    assert states(visits[0]) == [("XX777YY", "matched", "AB123CD")], "which is part of another now"
