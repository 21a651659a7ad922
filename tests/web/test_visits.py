from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from cameras.models import Camera, Visit
from plates.models import Sighting
from tests.web.making import (
    AT,
    add_object,
    add_reading,
    followed,
    full_scans,
    make_camera,
    make_plate,
    make_visit,
    text_of,
)
from web.paging import Cursor
from web.passes import duration


def started(page: str) -> list[datetime]:
    """When the visits of a page began."""
    heads = re.findall(r'<p class="faint small"><time datetime="([^"]+)">', page)
    return [datetime.fromisoformat(one) for one in heads]


def test_it_says_that_visits_come_and_where_the_pictures_are(viewer: Client, camera: Camera) -> None:
    page = text_of(viewer, "/visits/")
    assert "No visits yet" in page and 'href="/gallery/"' in page and "filter-bar" not in page


def test_it_shows_a_visit_with_its_surest_pictures_findings_and_plates(viewer: Client, camera: Camera) -> None:
    visit = make_visit(camera, pictures=6)
    images = list(visit.images.order_by("received_at"))
    for image, confidence in zip(images, (0.2, 0.9, 0.8, 0.95, 0.1, 0.7), strict=True):
        add_object(image, "car", confidence)
        add_object(image, "car", confidence / 2)
    add_object(images[0], "dog", 0.01)
    make_plate("WEAK1", images[4], confidence=0.3)
    plate = make_plate("KV482BT", images[1], confidence=0.9)
    add_reading(images[2], "LOOSE1", confidence=0.5)
    page = text_of(viewer, "/visits/")
    assert re.findall(r'card-link" href="/images/(\d+)/"', page) == [str(images[place].pk) for place in (1, 2, 3, 5)]
    found = page.partition('aria-label="Found"')[2].partition("</ul>")[0]
    assert re.findall(r"<bdi>([^<]+)", found) == ["KV482BT", "LOOSE1", "WEAK1"]
    assert f'href="/plates/{plate.pk}/"' in found
    assert re.findall(r"(car|dog)(?: <span class=\"times\">×(\d+))?", found) == [("car", "6"), ("dog", "")]
    assert "5 s" in page and "6 pictures" in page and "12:30:15" in page


def test_it_shows_a_visit_whose_pictures_are_gone(viewer: Client, camera: Camera) -> None:
    make_visit(camera, pictures=0)
    page = text_of(viewer, "/visits/")
    assert "0 pictures" in page and "No picture of this visit is kept any more" in page


def test_it_pages_over_every_visit_exactly_once_and_back(viewer: Client, camera: Camera) -> None:
    moments = [AT + timedelta(minutes=number) for number in range(26)]
    for moment in moments:
        make_visit(camera, pictures=0, at=moment)
    first = page = text_of(viewer, "/visits/")
    seen: list[datetime] = []
    while page:
        seen += started(page)
        last, page = page, followed(viewer, page, "next")
    assert seen == moments[::-1]
    assert started(followed(viewer, followed(viewer, last, "prev"), "prev")) == started(first)


def test_it_filters_by_camera_and_by_a_day_of_the_sites_zone(viewer: Client, camera: Camera) -> None:
    late = datetime(2026, 5, 16, 22, 30, tzinfo=UTC)  # 00:30 on the 17th in Berlin
    make_visit(camera, at=late)
    make_visit(camera, at=late - timedelta(hours=1))
    make_visit(make_camera("Garden", "Pool"), at=late)
    assert started(text_of(viewer, f"/visits/?day=2026-05-17&camera={camera.pk}")) == [late]
    assert len(started(text_of(viewer, "/visits/?day=2026-05-17&camera="))) == 2
    assert "No visit matches these filters" in text_of(viewer, "/visits/?day=2026-05-18")


@pytest.mark.parametrize("query", ["day=2026-13-01", "day=9999-12-31", "day=0001-01-01", "camera=x", "older=x"])
def test_it_answers_404_to_filters_that_cannot_be(viewer: Client, camera: Camera, query: str) -> None:
    make_visit(camera)
    assert viewer.get(f"/visits/?{query}").status_code == 404


def test_it_shows_a_limited_viewer_only_visits_of_his_cameras(limited: Client, camera: Camera) -> None:
    other = make_camera("Garden", "Pool")
    own, _ = make_visit(camera), make_visit(other)
    page = text_of(limited, "/visits/")
    assert len(started(page)) == 1 and str(own.camera) in page and "Garden" not in page
    assert limited.get(f"/visits/?camera={other.pk}").status_code == 404


def test_it_leaves_out_a_picture_that_was_given_to_a_hidden_camera(limited: Client, camera: Camera) -> None:
    visit = make_visit(camera, pictures=2)
    moved = visit.images.order_by("received_at")[0]
    add_object(moved, "elephant")
    add_reading(moved, "THEIRS1")
    visit.images.filter(pk=moved.pk).update(camera=make_camera("Garden", "Pool"))
    page = text_of(limited, "/visits/")
    assert "1 picture<" in page and "elephant" not in page and "THEIRS1" not in page


@pytest.mark.parametrize("who", ["viewer", "limited"])
def test_it_needs_few_queries_and_no_scan_however_much_there_is(
    request: pytest.FixtureRequest, who: str, camera: Camera, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client: Client = request.getfixturevalue(who)
    for number in range(15):
        visit = make_visit(camera, pictures=5, at=timezone.now() - timedelta(minutes=number))
        for image in visit.images.all():
            add_object(image)
            make_plate(f"AB{number}", image)
    place = Visit.objects.order_by("-started_at")[13]
    address = f"/visits/?camera={camera.pk}&older={Cursor(place.started_at, place.pk)}"
    for one in ("/visits/", address):
        text_of(client, one)
        with django_assert_max_num_queries(12):
            text_of(client, one)
        if connection.vendor == "sqlite":
            assert full_scans(client, one) == []


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0.2, "a moment"), (3, "3 s"), (60, "1 min"), (245, "4 min 5 s"), (7500, "2 h 5 min"), (90000, "25 h")],
)
def test_it_says_how_long_a_visit_took(seconds: float, said: str) -> None:
    assert duration(timedelta(seconds=seconds)) == said


def test_a_visit_that_was_merged_shows_its_vehicles_not_each_misreading(viewer: Client, camera: Camera) -> None:
    visit = make_visit(camera, pictures=3, merged_at=AT)
    plate = make_plate("KV482BT")
    facts = {"visit": visit, "at": AT, "confidence": 0.9}
    Sighting.objects.create(text="KV4B2BT", status="matched", plate=plate, **facts)
    Sighting.objects.create(text="DOUBT42", status="unknown", **facts)
    Sighting.objects.create(text="AB123CD", status="new", **facts)
    for image, text in zip(visit.images.all(), ("KV4B2BT", "KV48ZBT", "AB123CD"), strict=True):
        add_reading(image, text)
    page = text_of(viewer, "/visits/").partition('<ul class="grid">')[0]
    assert f'href="/plates/{plate.pk}/"' in page and "AB123CD" in page
    assert not any(text in page for text in ("KV4B2BT", "KV48ZBT", "DOUBT42"))
