from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client

from cameras.models import Camera, Image
from detections.models import DetectionRun
from plates.models import Plate
from tests.web.making import AT, add_object, add_reading, finish, make_camera, make_image
from web.drawing import ENLARGED, outline


def text_of(client: Client, number: int) -> str:
    return client.get(f"/images/{number}/").content.decode()


def test_it_shows_all_that_is_known(viewer: Client, camera: Camera) -> None:
    image = make_image(camera)
    finish(image, "done", "done")
    add_object(image, "car", 0.914)
    plate = Plate.objects.create(text="KV482BT", owner="Neighbour")
    candidates = [{"text": "KV482BT", "confidence": 0.8}, {"text": "KV4B2BT", "confidence": 0.11}, "odd", {}]
    add_reading(image, plate=plate, raw_text="KV-482-BT", candidates=candidates)
    page = text_of(viewer, image.pk)
    for fact in ("91%", "10, 20 → 110, 220", "KV-482-BT", "KV4B2BT</bdi> 11%", "Neighbour", "rapidocr", "ssd", "1f2e"):
        assert fact in page, fact
    for fact in ("61 ms", "17 May 2026 12:30:15.123456", "640 × 480", image.file.name, "Driveway", "Front"):
        assert fact in page, fact
    assert "car 91%</text>" in page and f'download="{image.file.name}"' in page


def test_it_leads_to_the_neighbours_of_the_same_camera_by_time_then_number(viewer: Client, camera: Camera) -> None:
    first, second, third = (make_image(camera) for _ in range(3))
    fourth = make_image(camera, AT + timedelta(seconds=1))
    make_image(make_camera("Garden", "Pool"))
    steps = {}
    for image in (first, second, third, fourth):
        page = text_of(viewer, image.pk)
        steps[image.pk] = tuple(
            int(found[1]) if (found := re.search(rf'rel="{rel}" href="/images/(\d+)/"', page)) else None
            for rel in ("prev", "next")
        )
    assert steps == {
        first.pk: (second.pk, None),
        second.pk: (third.pk, first.pk),
        third.pk: (fourth.pk, second.pk),
        fourth.pk: (None, third.pk),
    }


def test_it_shows_an_unreadable_file_without_a_picture(viewer: Client, camera: Camera) -> None:
    image = make_image(camera, width=0, height=0, problem="starts with 0x00")
    add_object(image)
    page = text_of(viewer, image.pk)
    assert "cannot be read as a picture" in page and "starts with 0x00" in page
    assert "<img" not in page and 'class="overlay"' not in page


def test_it_keeps_tags_inside_the_picture(viewer: Client, camera: Camera) -> None:
    image = make_image(camera)
    add_object(image, "car", box=(600, 0, 640, 480))
    page = text_of(viewer, image.pk)
    found = re.search(r'<g class="tag[^>]*><rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)"', page)
    assert found
    x, y, width = (float(figure) for figure in found.groups())
    assert y == 0 and x >= 0 and x + width <= 640.1


@pytest.mark.parametrize(("attempts", "shown"), [(1, False), (2, True)])
def test_it_tells_of_attempts_only_when_one_was_not_enough(
    viewer: Client, camera: Camera, attempts: int, shown: bool
) -> None:
    image = make_image(camera)
    finish(image, "done", "done")
    DetectionRun.objects.filter(image=image).update(attempts=attempts)
    assert ("<dt>Attempts</dt>" in text_of(viewer, image.pk)) is shown


@pytest.mark.parametrize(("left", "origin"), [(0, "from-0"), (330, "from-25"), (450, "from-50"), (1270, "from-100")])
def test_a_long_label_stays_in_the_picture_where_tags_are_enlarged(left: float, origin: str) -> None:
    image = Image(width=1280, height=960)
    tag = outline(image, (left, 500, 1280, 900), "thing", f"{'x' * 32} 91%").tag
    assert origin in tag.grows.split()
    x, width, part = float(tag.x), float(tag.width), int(origin.removeprefix("from-")) / 100
    assert x - part * width * (ENLARGED - 1) >= -1
    assert x + width * (1 + (1 - part) * (ENLARGED - 1)) <= 1281
