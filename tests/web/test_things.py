"""Several labels of one thing are shown and counted as one thing, and stored as they came."""

from __future__ import annotations

import html
import re

import pytest
from django.test import Client
from django.utils import timezone

from cameras.models import Camera, Image
from detections.models import Detection
from ingest.state import collect
from tests.web.making import add_object, finish, make_image, make_visit, text_of

LEFT, RIGHT = (10, 20, 110, 220), (300, 20, 400, 220)


def find_things(image: Image) -> None:
    """Two vehicles, of which the left one has two labels more, and a person in front of it."""
    for label, score, box in [
        ("car", 0.62, LEFT),
        ("truck", 0.5, (12, 20, 112, 220)),
        ("bus", 0.3, LEFT),
        ("car", 0.9, RIGHT),
        ("person", 0.8, LEFT),
    ]:
        add_object(image, label, score, box)
    finish(image, "done")


@pytest.fixture
def image(camera: Camera) -> Image:
    made = make_image(camera, timezone.now())
    find_things(made)
    return made


def plain(fragment: str) -> str:
    return html.unescape(" ".join(re.sub("<[^>]*>", " ", fragment).split()))


def badges(page: str) -> list[str]:
    return [plain(one) for one in re.findall(r'(?s)<li class="badge.*?</li>|<li><span class="badge.*?</li>', page)]


def test_the_gallery_counts_each_thing_once(viewer: Client, image: Image) -> None:
    page = text_of(viewer, "/gallery/")
    assert badges(page) == ["car ×2", "person"]
    assert len(re.findall(r'<rect class="box ', page)) == 3


def test_the_page_of_a_picture_says_what_else_a_thing_could_be(viewer: Client, image: Image) -> None:
    page = text_of(viewer, f"/images/{image.pk}/")
    rows = [plain(row) for row in re.findall(r"(?s)<tr>.*?</tr>", page.partition("<h2>Objects</h2>")[2])]
    assert rows[1:4] == [
        "car 90% 300, 20 → 400, 220",
        "person 80% 10, 20 → 110, 220",
        "car or truck or bus 62% 10, 20 → 110, 220",
    ]
    assert "car or truck or bus 62%</text>" in page and ">truck 50%" not in page


def test_a_visit_counts_pictures_of_what_things_are_called(viewer: Client, camera: Camera) -> None:
    for image in make_visit(camera, pictures=2).images.all():
        find_things(image)
    assert badges(text_of(viewer, "/visits/").partition('<ul class="grid">')[0]) == ["car ×2", "person ×2"]


def test_today_counts_pictures_with_a_vehicle_once(viewer: Client, image: Image) -> None:
    figures = re.findall(r'(?s)<[^>]*class="stat[ "].*?stat-value">([^<]*)<', text_of(viewer, "/"))
    assert figures[:3] == ["1", "1", "1"]


def test_the_status_counts_things(image: Image) -> None:
    assert collect()["detections"] == 3


def test_the_administration_shows_the_rows_as_they_are_stored(admin_client: Client, image: Image) -> None:
    assert Detection.objects.count() == 5
    assert "5 detections" in text_of(admin_client, "/admin/detections/detection/")
    assert "person, car or truck or bus" in text_of(admin_client, "/admin/cameras/image/")
