from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from cameras.models import Camera
from tests.web.making import add_object, finish, make_camera, make_image

PAGES_OF_AN_IMAGE = ["web:image", "web:file", "web:thumbnail"]


def test_it_sends_a_stranger_to_the_login_from_every_page(client: Client, camera: Camera) -> None:
    image = make_image(camera)
    addresses = [reverse("web:gallery"), *(reverse(name, args=[image.pk]) for name in PAGES_OF_AN_IMAGE)]
    for address in addresses:
        response = client.get(address)
        assert response.status_code == 302, address
        assert response.headers["Location"] == f"/login/?next={address}"


@pytest.mark.parametrize("page", PAGES_OF_AN_IMAGE)
def test_it_hides_the_pictures_of_other_cameras_from_a_limited_viewer(
    limited: Client, camera: Camera, page: str
) -> None:
    own, other = make_image(camera), make_image(make_camera("Garden", "Pool"))
    assert limited.get(reverse(page, args=[own.pk])).status_code == 200
    assert limited.get(reverse(page, args=[other.pk])).status_code == 404


def test_it_leaves_other_cameras_out_of_a_limited_viewers_gallery_and_neighbours(
    limited: Client, camera: Camera
) -> None:
    own, other = make_image(camera), make_image(make_camera("Garden", "Pool"))
    gallery = limited.get(reverse("web:gallery")).content.decode()
    assert f"/images/{own.pk}/" in gallery
    assert f"/images/{other.pk}/" not in gallery and "Pool" not in gallery


def test_it_tells_an_inactive_person_nothing(log_in: Callable[..., Client], camera: Camera) -> None:
    image = make_image(camera)
    client = log_in("gone", is_active=False)
    assert client.get(reverse("web:file", args=[image.pk])).status_code == 302


def test_it_answers_404_for_numbers_that_no_picture_has(viewer: Client) -> None:
    for number in (1, 10**30):
        for page in PAGES_OF_AN_IMAGE:
            assert viewer.get(reverse(page, args=[number])).status_code == 404


def test_it_logs_in_and_out(client: Client, log_in: Callable[..., Client]) -> None:
    log_in("dora")
    page = client.get("/login/?next=/images/7/").content.decode()
    assert 'name="next" value="/images/7/"' in page
    response = client.post("/login/", {"username": "dora", "password": "secret", "next": "/images/7/"})
    assert response.headers["Location"] == "/images/7/"
    assert client.get("/logout/").status_code == 405
    assert client.post("/logout/").headers["Location"] == "/login/"
    assert client.get("/gallery/").status_code == 302


def test_it_offers_the_administration_to_staff_only(log_in: Callable[..., Client]) -> None:
    assert "/admin/" in log_in("anna", is_staff=True).get(reverse("web:gallery")).content.decode()
    assert "/admin/" not in log_in("ben").get(reverse("web:gallery")).content.decode()


@pytest.mark.parametrize("page", ["gallery", "image"])
def test_it_needs_few_queries_however_much_there_is(
    viewer: Client, camera: Camera, page: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(40):
        image = make_image(camera, files=False)
        add_object(image)
        finish(image, "done", "empty")
    address = reverse("web:image", args=[image.pk]) if page == "image" else reverse("web:gallery")
    viewer.get(address)  # the first visit of a session writes down where it comes from
    with django_assert_max_num_queries(9):  # two of them ask what else the person may do
        assert viewer.get(address).status_code == 200
