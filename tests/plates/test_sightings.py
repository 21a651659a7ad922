"""The vehicles of a visit, from what was read on its pictures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from cameras.models import Image, RunStatus, Visit
from detections.services import run_detection
from plates.models import Plate, PlateReading, RecognitionRun, Sighting
from plates.services import run_recognition
from plates.sightings import best_images, merge_sightings, merge_soon
from tests.factories import make_camera, make_image, write_picture
from tests.harness import DRIVES
from tests.web.making import AT, add_object, add_reading

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("data_dir")]


def visit_of(*pictures: Sequence[tuple[str, float]], step: float = 0.5, **fields: Any) -> Visit:
    """A visit of pictures that show plates so read; each plate has its own place, which wanders."""
    camera = make_camera()
    ended = AT + timedelta(seconds=step * (len(pictures) - 1))
    visit = Visit.objects.create(camera=camera, started_at=AT, ended_at=ended, stale=True, **fields)
    for number, plates in enumerate(pictures):
        image = make_image(camera, AT + timedelta(seconds=step * number), visit=visit)
        RecognitionRun.objects.filter(image=image).update(status=RunStatus.DONE if plates else RunStatus.EMPTY)
        for place, (text, confidence) in enumerate(plates):
            add_vehicle_with(image, text, confidence, 600 * place + 10 * number)
    return visit


def add_vehicle_with(image: Image, text: str, confidence: float, x: float) -> None:
    add_object(image, box=(x, 100, x + 300, 400))
    row = add_reading(image, text, confidence=confidence)
    PlateReading.objects.filter(pk=row.pk).update(x1=x + 100, x2=x + 200, y1=300, y2=320)


def states(visit: Visit) -> list[tuple[str, str, str | None]]:
    rows = visit.sightings.select_related("plate").order_by("at", "pk")
    return [(one.text, one.status, one.plate.text if one.plate else None) for one in rows]


def test_the_eight_pictures_of_one_drive_are_one_vehicle_with_one_plate() -> None:
    camera = make_camera()
    visit = Visit.objects.create(camera=camera, started_at=AT, ended_at=AT + timedelta(seconds=3.5))
    for number, picture in enumerate(DRIVES):
        at = AT + timedelta(seconds=number / 2)
        image = make_image(camera, at, path=write_picture(data=picture.read_bytes()), visit=visit)
        run_detection(image.pk)
        run_recognition(image.pk)
        merge_soon(image.pk)
    merge_sightings(visit.pk, closing=True)
    sighting = Sighting.objects.get()
    assert (sighting.text, sighting.status, sighting.label) == ("KV482BT", "new", "car")
    assert sighting.plate == Plate.objects.get(), "no misread text became a plate"
    assert sighting.readings.count() == PlateReading.objects.filter(plate=sighting.plate).count() == 8
    assert sighting.confidence >= max(PlateReading.objects.values_list("confidence", flat=True))
    assert sighting.best_image == best_images(visit)[0]
    assert sighting.at == AT
    assert PlateReading.objects.exclude(characters=[]).count() in {0, 8}


def test_misreadings_are_outvoted_and_stay_to_be_looked_at() -> None:
    visit = visit_of([("KV4B2BT", 0.7)], [("KV482BT", 0.8)], [("KV482B7", 0.6)], [("482BT", 0.6)], [("KV482BT", 0.75)])
    merge_sightings(visit.pk, closing=True)
    assert states(visit) == [("KV482BT", "new", "KV482BT")]
    assert sorted(PlateReading.objects.values_list("text", flat=True)) == sorted(
        ["KV4B2BT", "KV482BT", "KV482B7", "482BT", "KV482BT"]
    )
    assert Plate.objects.count() == 1
    assert {one["text"] for one in Sighting.objects.get().candidates} == {"KV4B2BT", "KV482B7", "482BT"}


def test_two_cars_in_one_visit_stay_two() -> None:
    both = [("KV482BT", 0.9), ("7HRZ319", 0.85)]
    visit = visit_of(both[:1], both, both, [("KV48ZBT", 0.5), ("7HRZ3I9", 0.6)], both[1:])
    merge_sightings(visit.pk, closing=True)
    assert states(visit) == [("KV482BT", "new", "KV482BT"), ("7HRZ319", "new", "7HRZ319")]


def test_two_cars_one_after_the_other_stay_two_though_they_pass_the_same_place() -> None:
    visit = visit_of(*[[("KV482BT", 0.8)]] * 3, *[[("AB123CD", 0.8)]] * 3)
    merge_sightings(visit.pk, closing=True)
    assert [one[0] for one in states(visit)] == ["KV482BT", "AB123CD"]


def test_two_cars_whose_plates_differ_by_a_character_stay_two_where_both_are_sure() -> None:
    visit = visit_of(*[[("KV482BT", 0.95)]] * 3, *[[("KV483BT", 0.95)]] * 3)
    merge_sightings(visit.pk, closing=True)
    assert [one[0] for one in states(visit)] == ["KV482BT", "KV483BT"]


def test_one_sure_misreading_among_others_makes_no_second_car() -> None:
    visit = visit_of([("KV482BT", 0.95)], [("KV432BT", 0.92)], [("KV482BT", 0.95)])
    merge_sightings(visit.pk, closing=True)
    assert states(visit) == [("KV482BT", "new", "KV482BT")]


def test_a_doubtful_text_is_no_plate_but_a_vehicle_that_nobody_knows() -> None:
    visit = visit_of([("KV482BT", 0.4)])
    merge_sightings(visit.pk, closing=True)
    assert states(visit) == [("KV482BT", "unknown", None)]
    assert not Plate.objects.exists()


def test_a_doubtful_text_that_is_a_plate_seen_before_is_that_plate() -> None:
    Plate.objects.create(text="KV482BT")
    visit = visit_of([("KV482BT", 0.4)])
    merge_sightings(visit.pk)
    assert states(visit) == [("KV482BT", "matched", "KV482BT")]


def test_a_vehicle_without_any_text_is_seen_all_the_same() -> None:
    visit = visit_of([], [])
    image = visit.images.order_by("received_at")[0]
    add_object(image, "truck", box=(100, 100, 500, 400))
    merge_sightings(visit.pk, closing=True)
    sighting = Sighting.objects.get()
    assert (sighting.status, sighting.text, sighting.label) == ("unknown", "", "truck")
    assert sighting.best_image == image


def test_a_vehicle_beside_one_that_was_read_is_seen_too() -> None:
    visit = visit_of([("KV482BT", 0.9)], [("KV482BT", 0.9)])
    add_object(visit.images.order_by("received_at")[1], "truck", box=(900, 100, 1200, 400))
    merge_sightings(visit.pk, closing=True)
    assert sorted(states(visit)) == [("", "unknown", None), ("KV482BT", "new", "KV482BT")]


def test_no_vehicle_is_made_of_pictures_on_which_nobody_looks_for_plates() -> None:
    visit = visit_of([], [])
    add_object(visit.images.first() or Image(), "car")
    RecognitionRun.objects.update(status=RunStatus.SKIPPED)
    merge_sightings(visit.pk, closing=True)
    assert states(visit) == []


def test_a_new_plate_is_made_when_the_visit_closes_and_stays_new() -> None:
    visit = visit_of([("KV4B2BT", 0.8)])
    merge_sightings(visit.pk)
    assert states(visit) == [("KV4B2BT", "new", None)]
    assert not Plate.objects.exists()
    merge_sightings(visit.pk, closing=True)
    merge_sightings(visit.pk, closing=True)
    assert states(visit) == [("KV4B2BT", "new", "KV4B2BT")]
    again = visit_of([("KV4B2BT", 0.8)])
    merge_sightings(again.pk)
    assert states(again) == [("KV4B2BT", "matched", "KV4B2BT")]


def test_vehicles_in_doubt_are_looked_at_again_once_a_plate_has_their_text(
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    doubtful, other = visit_of([("KV482BT", 0.3)]), visit_of([("AB123CD", 0.3)])
    for visit in (doubtful, other):
        merge_sightings(visit.pk, closing=True)
    with django_capture_on_commit_callbacks(execute=True):
        merge_sightings(visit_of([("KV482BT", 0.95)]).pk, closing=True)
    assert list(Visit.objects.filter(stale=True)) == [doubtful]
    merge_sightings(doubtful.pk)
    assert states(doubtful) == [("KV482BT", "matched", "KV482BT")]


def test_again_with_the_same_result_and_hardly_a_write(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    both = [("KV482BT", 0.9), ("7HRZ319", 0.85)]
    visit = visit_of(*[both] * 6)
    merge_sightings(visit.pk, closing=True)
    rows = list(Sighting.objects.order_by("pk").values())
    Visit.objects.update(closed_at=AT)
    with django_assert_max_num_queries(16):
        merge_sightings(visit.pk)
    assert list(Sighting.objects.order_by("pk").values()) == rows


def test_a_late_picture_changes_the_text_and_takes_the_misread_plate_away() -> None:
    visit = visit_of([("KV4B2BT", 0.6)], [("KV482BT", 0.9)], [("KV482BT", 0.9)])
    late = PlateReading.objects.filter(text="KV482BT")
    late.update(text="KV4B2BT")
    merge_sightings(visit.pk, closing=True)
    assert states(visit) == [("KV4B2BT", "new", "KV4B2BT")]
    row = Sighting.objects.get().pk
    PlateReading.objects.filter(confidence=0.9).update(text="KV482BT")
    merge_sightings(visit.pk, closing=True)
    assert Sighting.objects.get().pk == row
    assert states(visit) == [("KV482BT", "new", "KV482BT")]
    assert Plate.objects.count() == 1


def test_only_what_changed_is_merged_and_not_more_often_than_needed() -> None:
    visit = visit_of([("KV482BT", 0.9)])
    image = visit.images.get()
    assert merge_soon(image.pk)
    assert not merge_soon(image.pk), "nothing changed"
    Visit.objects.update(stale=True)
    assert not merge_soon(image.pk), "it was done a moment ago"
    Visit.objects.update(merged_at=AT)
    assert merge_soon(image.pk)
    assert not merge_sightings(10**6), "a visit that is gone"


def test_readings_without_a_visit_and_visits_without_readings_are_nothing_to_merge() -> None:
    image = make_image(make_camera())
    assert not merge_soon(image.pk)
    visit = visit_of([], [])
    assert merge_sightings(visit.pk, closing=True)
    assert states(visit) == []
