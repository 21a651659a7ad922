from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

import environment
from cameras.models import Camera, Node
from ingest import refusals
from plates.models import Sighting
from tests.web.making import (
    add_object,
    add_reading,
    finish,
    full_scans,
    make_camera,
    make_event,
    make_image,
    make_plate,
    make_visit,
    text_of,
)
from web import today
from web.days import day_range


@pytest.fixture
def midnight() -> datetime:
    """When today began in the site's zone."""
    return day_range(timezone.localdate())[0]


def figures(page: str) -> dict[str, tuple[str, str]]:
    """Label to value of today and of yesterday."""
    found = re.findall(r'stat-label">([^<]+)</span><span class="stat-value">([^<]+)</span>.*?yesterday ([\d,]+)', page)
    return {label: (now, before) for label, now, before in found}


def events_by_kind(page: str) -> dict[str, tuple[str, str]]:
    found = re.findall(r"kind=[^>]*><bdi>([^<]+)</bdi></a></th><td[^>]*>([\d,]+)</td><td[^>]*>([\d,]+)</td>", page)
    return {kind: (now, before) for kind, now, before in found}


def test_it_compares_today_with_yesterday_by_the_days_of_the_sites_zone(
    viewer: Client, camera: Camera, midnight: datetime
) -> None:
    before = midnight - timedelta(microseconds=1)
    long_ago = day_range(timezone.localdate() - timedelta(days=1))[0] - timedelta(microseconds=1)
    for at, label, text in [
        (midnight, "car", "KV482BT"),
        (midnight, "person", "KV482BT"),
        (midnight, "dog", "7HRZ319"),
        (before, "truck", "KV482BT"),
        (long_ago, "car", "OLD1"),
    ]:
        image = make_image(camera, at, files=False)
        add_object(image, label)
        add_object(image, label)
        add_reading(image, text)
        make_event(camera, at=at)
    make_event(text="gate|Temp|21.5 C", at=before)
    page = text_of(viewer, "/")
    assert figures(page) == {
        "Pictures": ("3", "1"),
        "Pictures with a vehicle": ("1", "1"),
        "Pictures with a person": ("1", "0"),
        "Different plates": ("2", "1"),
    }
    assert events_by_kind(page) == {"motion": ("3", "1"), "Temp": ("0", "1")}


def test_it_counts_and_shows_a_limited_viewer_only_what_his_cameras_sent(limited: Client, camera: Camera) -> None:
    other = make_camera("Garden", "Pool")
    Node.objects.update(silent_since=timezone.now())
    for one, text in ((camera, "MINE1"), (other, "THEIRS1")):
        image = make_image(one, timezone.now(), files=False)
        add_object(image, "car")
        make_plate(text, image)
        make_event(one)
    make_event(text="Driveway|Temp|21.5 C")
    page = text_of(limited, "/")
    assert {label: value[0] for label, value in figures(page).items()} == {
        "Pictures": "1",
        "Pictures with a vehicle": "1",
        "Pictures with a person": "0",
        "Different plates": "1",
    }
    assert events_by_kind(page) == {"motion": ("1", "0")}
    assert "MINE1" in page and "THEIRS1" not in page and "Garden" not in page
    assert "A node is silent" in page and "1 picture waits" in page


def test_it_shows_every_camera_with_its_last_picture_even_if_that_cannot_be_read(
    viewer: Client, camera: Camera
) -> None:
    make_image(camera, timezone.now() - timedelta(hours=1))
    newest = make_image(camera, timezone.now())
    broken, silent = make_camera("Yard", "Barn"), make_camera("Shed", "Door")
    make_image(broken, timezone.now(), width=0, height=0)
    hidden, retired = make_camera("Hall", "Hidden"), make_camera("Hall", "Retired")
    Camera.objects.filter(pk=hidden.pk).update(display=False)
    Camera.objects.filter(pk=retired.pk).update(retired_at=timezone.now())
    cameras = text_of(viewer, "/").partition('id="cameras"')[2].partition("</section>")[0]
    assert re.findall(r'class="card-link" href="/cameras/(\d+)/"', cameras) == [
        str(one.pk) for one in (camera, silent, broken)
    ]
    assert re.findall(r"/images/(\d+)/thumbnail", cameras) == [str(newest.pk)]
    assert cameras.count("No picture yet") == 1


def test_it_shows_each_plate_once_by_the_best_of_its_latest_visit_without_ignored_ones(
    viewer: Client, camera: Camera
) -> None:
    images = list(make_visit(camera, 3, at=timezone.now() - timedelta(seconds=3)).images.order_by("-received_at"))
    make_plate("KV482BT", images[0], images[2])
    make_plate("KV482BT", images[1], confidence=0.98, owner="Mia & Ben")
    make_plate("KV482BT", make_image(camera, timezone.now() - timedelta(hours=1)), confidence=0.99, owner="Mia & Ben")
    make_plate("NOISE1", images[0], list="ignore")
    make_plate("OLD1", make_image(camera, timezone.now() - timedelta(days=8)))
    plates = text_of(viewer, "/").partition('class="reading-list"')[2].partition("</ul>")[0]
    assert re.findall(r'href="/images/(\d+)/"', plates) == [str(images[1].pk)]
    assert "Mia &amp; Ben" in plates and "NOISE1" not in plates and "OLD1" not in plates


def test_it_tells_how_many_pictures_wait_without_counting_a_long_line(
    viewer: Client, camera: Camera, monkeypatch: pytest.MonkeyPatch
) -> None:
    images = [make_image(camera, timezone.now(), files=False) for _ in range(4)]
    assert "4 pictures wait to be looked at" in text_of(viewer, "/")
    monkeypatch.setattr(today, "MOST_WAITING", 2)
    assert "More than 2 pictures wait" in text_of(viewer, "/")
    for image in images:
        finish(image, "empty")
    assert "to be looked at" not in text_of(viewer, "/")


def test_it_names_silent_nodes(viewer: Client, camera: Camera) -> None:
    assert "silent" not in text_of(viewer, "/")
    Node.objects.update(silent_since=timezone.now())
    assert "A node is silent" in text_of(viewer, "/")
    Node.objects.create(name="Shed", silent_since=timezone.now())
    assert "2 nodes are silent" in text_of(viewer, "/")


def test_it_says_how_to_connect_a_first_camera(viewer: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    env = dataclasses.replace(environment.current(), receiver_address=("tcp://*:6001",))
    monkeypatch.setattr(environment, "current", lambda: env)
    page = viewer.get("/", headers={"host": "testserver:8000"}).content.decode()
    assert "H1: tcp://testserver:6001" in page


def test_it_gives_a_limited_viewer_without_cameras_no_lesson(log_in: Callable[..., Client], camera: Camera) -> None:
    page = text_of(log_in("eva", only_chosen_cameras=True), "/")
    assert "None of the cameras chosen for you" in page and "imagenode" not in page and "Driveway" not in page


def test_it_is_where_the_login_leads(client: Client, log_in: Callable[..., Client]) -> None:
    log_in("dora")
    response = client.post("/login/", {"username": "dora", "password": "secret"})
    assert response.headers["Location"] == "/"


@pytest.mark.parametrize("who", ["viewer", "limited"])
def test_it_needs_few_queries_and_no_scan_however_much_there_is(
    request: pytest.FixtureRequest,
    who: str,
    camera: Camera,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    client: Client = request.getfixturevalue(who)
    for number in range(30):
        one = camera if number % 2 else make_camera("Node", f"View{number}")
        image = make_image(one, timezone.now(), files=False)
        add_object(image)
        make_plate(f"AB{number}", image)
        make_event(one)
        make_event(text=f"Node{number}|Temp|{number} C")
    text_of(client, "/")  # the first request of a session also notes when it was used
    with django_assert_max_num_queries(12):
        text_of(client, "/")
    if connection.vendor == "sqlite":
        assert full_scans(client, "/") == []


def test_a_misreading_counts_as_its_plate_and_a_doubtful_one_not_at_all(viewer: Client, camera: Camera) -> None:
    now = timezone.now()
    visit = make_visit(camera, at=now)
    image = visit.images.get()
    plate = make_plate("KV482BT", image)
    add_reading(image, "KV4B2BT", plate=plate)
    doubtful = Sighting.objects.create(visit=visit, status="unknown", text="DOUBT42", at=now)
    add_reading(image, "DOUBT42", sighting=doubtful)
    add_reading(image, "")
    page = text_of(viewer, "/")
    assert figures(page)["Different plates"][0] == "1"
    assert page.count("KV482BT") and "KV4B2BT" not in page.partition("Latest plates")[2]
    assert "DOUBT42" not in page.partition("Latest plates")[2]


def test_a_plate_in_doubt_is_shown_as_such_and_leads_to_its_visit(viewer: Client, camera: Camera) -> None:
    now = timezone.now()
    visit = make_visit(camera, at=now)
    doubt = Sighting.objects.create(visit=visit, status="ambiguous", text="DOUBT42", at=now)
    add_reading(visit.images.get(), "DOUBT42", sighting=doubt)
    latest = text_of(viewer, "/").partition("Latest plates")[2].partition("</section>")[0]
    assert 'class="plate plate-unsure"><bdi>DOUBT42' in latest and f'href="/visits/{visit.pk}/"' in latest


def test_staff_are_told_that_retention_refuses(camera: Camera, log_in: Callable[..., Client]) -> None:
    refusals.refuse(refusals.AGE, "4,000 pictures are too old, more than may go at once")
    staff, viewer = log_in("anna", is_staff=True), log_in("ben")
    assert "4,000 pictures are too old" in text_of(staff, "/") and "manage.py purge" in text_of(staff, "/")
    assert "too old" not in text_of(viewer, "/")
    refusals.settle(refusals.AGE)
    assert "too old" not in text_of(staff, "/")
