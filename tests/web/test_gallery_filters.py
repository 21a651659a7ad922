from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from cameras.models import Camera, Image
from tests.web.making import AT, make_camera, make_image
from web.paging import Cursor

GALLERY = "/gallery/"


def shown(page: str) -> list[int]:
    return [int(number) for number in re.findall(r'class="card-link" href="/images/(\d+)/"', page)]


def text_of(client: Client, query: str = "", **headers: str) -> str:
    return client.get(GALLERY + query, headers=headers).content.decode()


@pytest.fixture
def pool(db: None) -> Camera:
    return make_camera("Garden", "Pool")


def test_it_narrows_to_a_camera(viewer: Client, camera: Camera, pool: Camera) -> None:
    own, _ = make_image(camera), make_image(pool)
    page = text_of(viewer, f"?camera={camera.pk}")
    assert shown(page) == [own.pk]
    assert f'<option value="{camera.pk}" selected>Driveway Front</option>' in page


def test_it_narrows_to_a_day_of_the_sites_zone(viewer: Client, camera: Camera) -> None:
    """In Berlin the 17th of May 2026 is from 22:00 UTC of the day before to 22:00 UTC."""
    ends = datetime(2026, 5, 17, 22, tzinfo=UTC)
    moments = [ends - timedelta(days=1, seconds=1), ends - timedelta(days=1), ends - timedelta(seconds=1), ends]
    images = [make_image(camera, at, files=False) for at in moments]
    assert shown(text_of(viewer, "?day=2026-05-17")) == [images[2].pk, images[1].pk]


def test_it_keeps_the_filters_while_paging(viewer: Client, camera: Camera, pool: Camera) -> None:
    for number in range(70):
        make_image(camera if number % 2 else pool, AT + timedelta(minutes=number), files=False)
    page = text_of(viewer, f"?camera={pool.pk}&day=2026-05-17")
    match = re.search(r'rel="next" href="([^"]+)"', page)
    assert match and f"camera={pool.pk}" in match[1] and "day=2026-05-17" in match[1]
    older = viewer.get(match[1].replace("&amp;", "&")).content.decode()
    assert len(shown(older)) == 5
    assert set(shown(page) + shown(older)) == set(Image.objects.filter(camera=pool).values_list("pk", flat=True))


@pytest.mark.parametrize(
    "query", ["?camera=0", "?camera=x", "?camera=٣", "?day=2026-13-01", "?day=x", "?day=9999-12-31"]
)
def test_it_answers_404_to_filters_that_name_nothing(viewer: Client, camera: Camera, query: str) -> None:
    make_image(camera)
    assert viewer.get(GALLERY + query).status_code == 404


def test_it_offers_and_shows_a_limited_viewer_own_cameras_only(limited: Client, camera: Camera, pool: Camera) -> None:
    make_image(camera)
    assert "Pool" not in text_of(limited)
    assert limited.get(f"{GALLERY}?camera={pool.pk}").status_code == 404


def test_it_leads_from_an_empty_day_to_the_last_one_with_pictures(viewer: Client, camera: Camera, pool: Camera) -> None:
    make_image(camera)
    make_image(pool, AT + timedelta(days=2))
    page = text_of(viewer, f"?camera={camera.pk}&day=2026-05-20")
    assert f"/gallery/?camera={camera.pk}&amp;day=2026-05-17" in page and "Show Sunday 17 May 2026" in page
    assert "/gallery/?day=2026-05-19" in text_of(viewer, "?day=2026-05-20")
    assert "Nothing that far back" in text_of(viewer, "?day=2026-05-01")


def test_it_says_when_a_camera_has_no_pictures(viewer: Client, camera: Camera, pool: Camera) -> None:
    make_image(camera)
    assert "No pictures of this camera" in text_of(viewer, f"?camera={pool.pk}")


def test_it_gives_htmx_the_cards_alone_without_the_day_that_stands_above(viewer: Client, camera: Camera) -> None:
    images = [make_image(camera, AT - timedelta(hours=number), files=False) for number in range(40)]
    place = Cursor.of(images[4])
    answer = viewer.get(GALLERY, {"older": str(place)}, headers={"HX-Request": "true"})
    page = answer.content.decode()
    assert shown(page) == [image.pk for image in images[5:35]]
    assert "<html" not in page and 'hx-get="/gallery/?older=' in page and "HX-Request" in answer.headers["Vary"]
    assert "Sunday 17 May 2026" not in page and page.count('<li class="day-head">') == 1
    whole = text_of(viewer, f"?older={place}")
    assert "<html" in whole and "Sunday 17 May 2026" in whole


def test_it_names_on_the_first_card_the_page_to_come_back_to(viewer: Client, camera: Camera) -> None:
    first, _ = make_image(camera, AT), make_image(camera, AT - timedelta(minutes=1))
    page = text_of(viewer)
    assert page.count("data-page=") == 1 and f'id="picture-{first.pk}" data-page="/gallery/"' in page


def test_it_links_a_pictures_date_to_its_cameras_day(viewer: Client, camera: Camera) -> None:
    image = make_image(camera, datetime(2026, 5, 17, 22, 30, tzinfo=UTC))
    page = viewer.get(reverse("web:image", args=[image.pk])).content.decode()
    assert f'href="/gallery/?camera={camera.pk}&amp;day=2026-05-18"' in page
