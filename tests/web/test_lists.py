"""What all lists have in common: their far end, the cameras that their filters offer, and what htmx is told."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from cameras.models import Camera, Node
from tests.web.making import make_camera, make_event, make_image, text_of

PAST_THE_END = "?older=1-1"


@pytest.mark.parametrize("page", ["/gallery/", "/visits/", "/events/", "/plates/", "/plates/corrections/"])
def test_past_the_last_row_it_says_so_and_leads_back(viewer: Client, camera: Camera, page: str) -> None:
    make_image(camera)
    said = text_of(viewer, page + PAST_THE_END)
    assert "This is the far end" in said and f'href="{page}">Show the newest' in said
    assert "yet" not in said.partition("<main")[2]


def test_a_gallery_without_any_picture_says_how_to_begin_even_where_a_form_left_its_filters_empty(
    viewer: Client,
) -> None:
    assert "Point a Raspberry Pi" in text_of(viewer, "/gallery/?camera=&day=")


@pytest.mark.parametrize("page", ["/gallery/", "/visits/", "/events/"])
def test_a_filter_offers_a_retired_camera_only_where_it_is_chosen(viewer: Client, camera: Camera, page: str) -> None:
    make_image(camera)
    make_event(camera)
    old = make_camera("Shed", "Door")
    Camera.objects.filter(pk=old.pk).update(retired_at=timezone.now())
    assert ">Shed Door</option>" not in text_of(viewer, f"{page}?camera={camera.pk}")
    assert ">Shed Door</option>" in text_of(viewer, f"{page}?camera={old.pk}")


def test_the_latest_of_each_leaves_out_retired_cameras(viewer: Client, camera: Camera) -> None:
    make_event(camera)
    Camera.objects.update(retired_at=timezone.now())
    assert "Driveway Front" not in text_of(viewer, "/events/latest/")


def test_htmx_is_told_to_open_the_login_and_come_back_to_the_whole_page(client: Client, camera: Camera) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/gallery/?camera=1"}
    answer = client.get("/gallery/?camera=1&older=1-1", headers=headers)
    assert answer.status_code == 200 and not answer.content
    assert answer.headers["HX-Redirect"] == "/login/?next=/gallery/%3Fcamera%3D1"


def test_staff_say_when_a_node_is_silent_and_viewers_do_not(
    log_in: Callable[..., Client], viewer: Client, camera: Camera
) -> None:
    staff = log_in("anna", is_staff=True)
    page = f"/nodes/{camera.node_id}/settings/"
    assert viewer.get(page).status_code == 403 and "/settings/" not in text_of(viewer, f"/nodes/{camera.node_id}/")
    assert page in text_of(staff, f"/nodes/{camera.node_id}/")
    assert re.search("imagenode.yaml", text_of(staff, page))
    limits = {"max_images_per_day": "0", "max_images_per_minute": "0"}
    assert staff.post(page, {**limits, "silent_after_minutes": "-1"}).status_code == 200
    assert Node.objects.get().silent_after_minutes is None
    assert staff.post(page, {**limits, "silent_after_minutes": "90"}).headers["Location"] == f"/nodes/{camera.node_id}/"
    assert Node.objects.get().silent_after_minutes == 90
