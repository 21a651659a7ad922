"""The page of one visit."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from cameras.models import Camera, RunStatus, Visit
from cloud.models import CallStatus, CloudCall
from detections.models import DetectionRun
from plates.merging import merge_plates
from plates.models import Plate, PlateReading, RecognitionRun, Sighting
from plates.readers.base import CLOUD_READER
from tests.web.making import (
    AT,
    add_object,
    add_reading,
    finish,
    full_scans,
    make_camera,
    make_plate,
    make_visit,
    text_of,
)


@pytest.fixture
def visit(camera: Camera) -> Visit:
    """Three pictures of one vehicle, which could be one of two plates."""
    made = make_visit(camera, pictures=3, merged_at=AT, closed_at=AT)
    images = list(made.images.order_by("received_at"))
    near = [make_plate("KV482BT"), make_plate("KV48ZBI")]
    matches = [{"plate": one.pk, "text": one.text, "cost": cost} for one, cost in zip(near, (0.249, 0.3), strict=True)]
    seen = Sighting.objects.create(
        **{"visit": made, "status": "ambiguous", "text": "KV48ZBT", "confidence": 0.71, "label": "car"},
        **{"best_image": images[1], "at": AT, "matches": matches, "candidates": [{"text": "KVA8", "confidence": 0.2}]},
    )
    for number, image in enumerate(images):
        add_object(image)
        finish(image, RunStatus.DONE, RunStatus.DONE)
        other = [{"text": "KV482BT", "confidence": 0.4}]
        add_reading(image, "KV48ZBT", sighting=seen, confidence=0.6 + number / 100, candidates=other)
    return made


def test_it_shows_a_vehicle_with_its_crop_its_state_and_what_it_could_be(viewer: Client, visit: Visit) -> None:
    best = Sighting.objects.get().best_image
    page = text_of(viewer, f"/visits/{visit.pk}/")
    vehicle = page.partition('class="panel vehicle"')[2].partition("</section>")[0]
    assert "KV48ZBT" in vehicle and "Ambiguous" in vehicle and "71%" in vehicle and "3 readings" in vehicle
    assert "a plate, 0.25 away" in vehicle and "a plate, 0.3 away" in vehicle and "also read, 20%" in vehicle
    number = PlateReading.objects.get(image=best).pk
    assert re.search(rf'src="/readings/{number}/plate.jpg" alt="Plate KV48ZBT, .*" width="48" height="18"', vehicle)
    assert "<form" not in vehicle, "who may not correct gets no forms"


def test_it_does_not_suggest_a_plate_that_is_part_of_another_now(viewer: Client, visit: Visit) -> None:
    gone, into = Plate.objects.get(text="KV48ZBI"), Plate.objects.get(text="KV482BT")
    merge_plates(gone, into, None)
    page = text_of(viewer, f"/visits/{visit.pk}/")
    assert "a plate, 0.25 away" in page and "a plate, 0.3 away" not in page


def test_a_picture_names_the_plate_of_its_vehicle_once_however_often_it_was_read(viewer: Client, visit: Visit) -> None:
    image = visit.images.order_by("received_at")[0]
    add_reading(image, "KV48ZBI", reader=CLOUD_READER, sighting=visit.sightings.get(), confidence=0.3)
    page = text_of(viewer, f"/visits/{visit.pk}/?picture={image.pk}")
    assert page.count('class="box box-plate"') == 1 and "KV48ZBT</text>" in page
    PlateReading.objects.filter(image=image).update(sighting=None)
    page = text_of(viewer, f"/visits/{visit.pk}/?picture={image.pk}")
    assert "box-plate" not in page and "<span>Not a plate</span>" in page, "so people said of that text"


def test_what_people_said_is_no_plate_can_be_said_to_be_one(log_in: Callable[..., Client], visit: Visit) -> None:
    PlateReading.objects.filter(image=visit.images.order_by("received_at")[0]).update(sighting=None)
    one = PlateReading.objects.get(sighting=None)
    address = f"/visits/{visit.pk}/?picture={one.image_id}"
    assert f"/visits/{visit.pk}/?picture={one.image_id}" in text_of(
        log_in("anna", is_staff=True), f"/images/{one.image_id}/"
    )
    assert f'action="/readings/{one.pk}/correct/"' in text_of(log_in("berta", is_staff=True), address)
    assert f'action="/readings/{one.pk}/correct/"' not in text_of(log_in("carl"), address)


def test_it_tells_what_the_service_saw_of_the_vehicle(viewer: Client, visit: Visit) -> None:
    image = visit.images.order_by("received_at")[0]
    add_reading(image, "KV48ZBT", reader=CLOUD_READER, sighting=visit.sightings.get(), confidence=0.9)
    said = [{"plate": "OTHER1", "colour": "blue"}, {"plate": "KV48ZBT", "colour": "red", "make": "Audi", "model": "A4"}]
    CloudCall.objects.create(image=image, begun_at=AT, status=CallStatus.ANSWERED, vehicles=said)
    assert "<bdi>red Audi A4</bdi>" in text_of(viewer, f"/visits/{visit.pk}/")


def test_it_opens_with_the_best_picture_and_shows_the_one_that_is_asked_for(viewer: Client, visit: Visit) -> None:
    images = list(visit.images.order_by("received_at"))
    for address, number in (("", 1), (f"?picture={images[0].pk}", 0), (f"?picture={images[2].pk}", 2)):
        page = text_of(viewer, f"/visits/{visit.pk}/{address}")
        stage = page.partition('class="stage"')[2].partition("</figure>")[0]
        assert f"/images/{images[number].pk}/file.jpg" in stage and "box-plate" in stage
        assert re.findall(r'id="strip-(\d+)"[^>]*aria-current', page) == [str(images[number].pk)]
        steps = [html.unescape(one) for one in re.findall(r'id="step-\w+" rel="\w+" href="([^"]+)"', page)]
        beside = [images[one] for one in (number - 1, number + 1) if 0 <= one < 3]
        assert steps == [f"?picture={one.pk}" for one in beside]


@pytest.mark.parametrize("asked", ["0", "x", "1" * 40, "-1", "99999"])
def test_it_answers_404_to_pictures_that_are_not_of_the_visit(viewer: Client, visit: Visit, asked: str) -> None:
    assert viewer.get(f"/visits/{visit.pk}/?picture={asked}").status_code == 404
    assert viewer.get("/visits/99999/").status_code == 404


def test_it_says_how_the_picture_was_looked_at_and_why_it_was_not(viewer: Client, visit: Visit) -> None:
    image = visit.images.order_by("received_at")[1]
    RecognitionRun.objects.filter(image=image).update(status="done", model="rapidocr", version="5f", duration_ms=88.2)
    page = text_of(viewer, f"/visits/{visit.pk}/?picture={image.pk}")
    facts = page.partition("How it was looked at")[2]
    assert all(one in facts for one in ("ssd", "1f2e", "61 ms", "rapidocr", "5f", "88 ms"))
    RecognitionRun.objects.filter(image=image).update(status="skipped", reason="no vehicle was found")
    DetectionRun.objects.filter(image=image).update(status="failed", reason="no memory")
    facts = text_of(viewer, f"/visits/{visit.pk}/?picture={image.pk}").partition("How it was looked at")[2]
    assert "no vehicle was found" in facts and "no memory" in facts


def test_it_leads_to_the_visits_of_the_same_camera_before_and_after(viewer: Client, camera: Camera) -> None:
    three = [make_visit(camera, at=AT + timedelta(minutes=number)) for number in range(3)]
    make_visit(make_camera("Garden", "Pool"), at=AT + timedelta(seconds=90))
    page = text_of(viewer, f"/visits/{three[1].pk}/")
    assert f'rel="prev" href="/visits/{three[2].pk}/" data-key="k"' in page
    assert f'rel="next" href="/visits/{three[0].pk}/" data-key="j"' in page
    assert "No vehicle was seen" in page or "still being looked at" in page


def test_unknown_is_a_state_and_no_plate(viewer: Client, camera: Camera) -> None:
    visit = make_visit(camera, merged_at=AT)
    Sighting.objects.create(visit=visit, at=AT, label="car", best_image=visit.images.get())
    page = text_of(viewer, f"/visits/{visit.pk}/")
    vehicle = page.partition('class="panel vehicle"')[2].partition("</section>")[0]
    assert "Plate not read" in vehicle and "No plate could be read" in vehicle and 'class="plate' not in vehicle


def test_it_says_that_the_pictures_are_gone(viewer: Client, camera: Camera) -> None:
    page = text_of(viewer, f"/visits/{make_visit(camera, pictures=0).pk}/")
    assert "No picture of this visit is kept any more" in page and 'href="/visits/"' in page


def test_a_long_visit_shows_the_pictures_around_the_chosen_one(viewer: Client, camera: Camera) -> None:
    visit = make_visit(camera, pictures=60)
    middle = visit.images.order_by("received_at")[30]
    page = text_of(viewer, f"/visits/{visit.pk}/?picture={middle.pk}")
    assert len(re.findall(r'id="strip-\d+"', page)) == 25 and "60 pictures" in page
    assert "earlier ones" in page and "later ones" in page


def test_a_limited_viewer_sees_nothing_of_plates_and_pictures_of_others(
    limited: Client, viewer: Client, visit: Visit, camera: Camera
) -> None:
    page = text_of(limited, f"/visits/{visit.pk}/")
    assert "KV48ZBT" in page and "KV48ZBI" not in page, "a plate that only others saw"
    assert "KV48ZBI" in text_of(viewer, f"/visits/{visit.pk}/")
    moved = visit.images.order_by("received_at")[1]
    visit.images.filter(pk=moved.pk).update(camera=make_camera("Garden", "Pool"))
    page = text_of(limited, f"/visits/{visit.pk}/")
    assert f"/images/{moved.pk}/" not in page and "2 pictures" in page
    other = make_visit(make_camera("Shed", "Door"))
    assert limited.get(f"/visits/{other.pk}/").status_code == 404


def test_a_visit_of_a_busy_street_says_how_many_vehicles_it_leaves_out(viewer: Client, visit: Visit) -> None:
    image = visit.images.latest("received_at")
    facts = {"visit": visit, "at": image.received_at, "best_image": image}
    Sighting.objects.bulk_create(Sighting(**facts) for _ in range(30))
    page = text_of(viewer, f"/visits/{visit.pk}/")
    assert page.count('class="panel vehicle"') == 24 and "7 more vehicles, whose plates" in page


def test_a_vehicle_shows_its_surest_readings_only(viewer: Client, visit: Visit) -> None:
    seen, image = Sighting.objects.get(), visit.images.order_by("received_at")[0]
    PlateReading.objects.bulk_create(
        PlateReading(image=image, sighting=seen, text=f"X{n}", confidence=0.1, x1=1, y1=1, x2=9, y2=9, at=AT)
        for n in range(30)
    )
    page = text_of(viewer, f"/visits/{visit.pk}/")
    assert page.count('class="one-reading"') == 12 and "21 more that are less sure" in page


@pytest.mark.parametrize("who", ["viewer", "limited", "staff"])
def test_it_needs_few_queries_and_no_scan_however_much_there_is(
    request: pytest.FixtureRequest,
    who: str,
    visit: Visit,
    camera: Camera,
    log_in: Callable[..., Client],
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    client: Client = log_in("anna", is_staff=True) if who == "staff" else request.getfixturevalue(who)
    address = f"/visits/{visit.pk}/"
    text_of(client, address)
    for number in range(20):
        make_visit(camera, pictures=3, at=AT + timedelta(minutes=1 + number))
        for image in visit.images.all():
            seen = Sighting.objects.create(visit=visit, text=f"AB{number}", best_image=image, at=AT)
            add_reading(image, f"AB{number}", sighting=seen)
    with django_assert_max_num_queries(12):
        text_of(client, address)
    if connection.vendor == "sqlite":
        assert full_scans(client, address) == []
