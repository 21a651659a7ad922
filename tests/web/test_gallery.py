from __future__ import annotations

import dataclasses
import re
from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

import environment
from cameras.models import Camera, Image
from tests.web.making import AT, add_object, add_reading, finish, make_image, make_plate
from web.hub import hub
from web.paging import Cursor


def text_of(client: Client, address: str = "/gallery/") -> str:
    return client.get(address).content.decode()


def shown(page: str) -> list[int]:
    return [int(number) for number in re.findall(r'class="card-link" href="/images/(\d+)/"', page)]


def follow(client: Client, page: str, rel: str) -> str | None:
    match = re.search(rf'rel="{rel}" href="([^"]+)"', page)
    return text_of(client, match[1]) if match else None


@pytest.fixture
def many(camera: Camera) -> list[int]:
    """75 images, newest first, where several share a moment, also across the borders of pages."""
    images = [make_image(camera, AT + timedelta(seconds=number // 20), files=False) for number in range(75)]
    return [image.pk for image in sorted(images, key=lambda one: (one.received_at, one.pk), reverse=True)]


def test_it_pages_older_over_every_image_exactly_once(viewer: Client, many: list[int]) -> None:
    seen: list[int] = []
    page: str | None = text_of(viewer)
    while page:
        seen += shown(page)
        page = follow(viewer, page, "next")
    assert seen == many


def test_it_pages_back_to_the_newest(viewer: Client, many: list[int]) -> None:
    second = follow(viewer, text_of(viewer), "next") or ""
    third = follow(viewer, second, "next") or ""
    assert shown(third) == many[60:]
    assert shown(follow(viewer, third, "prev") or "") == many[30:60]
    first = follow(viewer, second, "prev") or ""
    assert shown(first) == many[:30]
    assert 'rel="prev"' not in first and ">Newest</a>" in second


def test_it_does_not_shift_a_page_when_a_picture_arrives(viewer: Client, many: list[int], camera: Camera) -> None:
    first = text_of(viewer)
    make_image(camera, AT + timedelta(hours=1), files=False)
    assert shown(follow(viewer, first, "next") or "") == many[30:60]


def test_it_shows_a_full_newest_page_when_few_are_newer(viewer: Client, many: list[int]) -> None:
    fifth = Image.objects.get(pk=many[4])
    assert shown(text_of(viewer, f"/gallery/?newer={Cursor.of(fifth)}")) == many[:30]


@pytest.mark.parametrize("place", ["x", "1", "-1-2", "1-2-3", "9" * 40 + "-1", "1-٣"])
def test_it_answers_404_to_a_place_that_it_never_gave(viewer: Client, place: str) -> None:
    assert viewer.get("/gallery/", {"older": place}).status_code == 404


def test_it_says_when_nothing_is_older(viewer: Client, camera: Camera) -> None:
    make_image(camera)
    assert "This is the far end" in text_of(viewer, "/gallery/?older=1-1")


@pytest.mark.parametrize(
    ("detection", "recognition", "said"),
    [
        ("queued", "queued", ["Not looked yet"]),
        ("empty", "skipped", ["Nothing found"]),
        ("skipped", "skipped", ["Not looked for"]),
        ("failed", "skipped", ["Detection failed"]),
        ("done", "queued", ["Plates not read yet"]),
        ("done", "empty", ["No plate read"]),
        ("done", "failed", ["Plate reading failed"]),
        ("done", "skipped", []),
        ("done", "done", []),
    ],
)
def test_it_tells_the_states_apart(
    viewer: Client, camera: Camera, detection: str, recognition: str, said: list[str]
) -> None:
    finish(make_image(camera), detection, recognition, reason="because of this")
    page = text_of(viewer)
    notes = re.findall(r'<li class="note[^>]*>.*?</svg>\s*([^<]+?)\s*</li>', page, re.DOTALL)
    assert notes == said
    assert ("because of this" in page) == (detection != "done")


def test_it_counts_an_image_without_run_rows_as_not_looked_at(viewer: Client, camera: Camera) -> None:
    image = make_image(camera)
    image.detection_run.delete()
    image.recognition_run.delete()
    assert "Not looked yet" in text_of(viewer)
    assert "Not looked yet" in text_of(viewer, f"/images/{image.pk}/")


def test_it_asks_for_no_thumbnail_of_an_unreadable_file(viewer: Client, camera: Camera) -> None:
    image = make_image(camera, width=0, height=0, problem="starts with 0x00")
    page = text_of(viewer)
    assert "File cannot be read" in page and "starts with 0x00" in page
    assert f"/images/{image.pk}/thumbnail.jpg" not in page and 'viewBox="0 0 0 0"' not in page


def test_it_shows_labels_plates_boxes_and_local_time(viewer: Client, camera: Camera) -> None:
    image = make_image(camera)
    finish(image, "done", "done")
    for label, left in (("car", -5), ("person", -5), ("car", 300)):
        add_object(image, label, box=(left, 20, 900, 220))
    make_plate("KV482BT", image)
    page = text_of(viewer)
    assert 'viewBox="0 0 640 480"' in page
    assert '<rect class="box box-vehicle" x="0.0" y="20.0" width="640.0" height="200.0"/>' in page
    assert '<span class="times">×2</span>' in page and '<li class="plate"><bdi>KV482BT</bdi></li>' in page
    assert ">12:30:15</time>" in page and "Sunday 17 May 2026" in page


def test_it_escapes_what_cameras_and_readers_say(viewer: Client, camera: Camera) -> None:
    camera.view = '"><script>alert(1)</script>'
    camera.save()
    image = make_image(camera, problem="<b>bad</b>")
    finish(image, "failed", "done", reason='"><img src=x>')
    add_object(image, "<i>car</i>")
    add_reading(image, "<u>KV</u>", raw_text="<u>K</u>", candidates=[{"text": "<s>", "confidence": 0.1}])
    for address in ("/gallery/", f"/images/{image.pk}/"):
        page = text_of(viewer, address)
        for hostile in ("<script>alert", "<b>bad", "<img src=x>", "<i>car", "<u>K", "<s>"):
            assert hostile not in page, hostile


def test_it_has_no_inline_script_or_style(viewer: Client, camera: Camera) -> None:
    image = make_image(camera)
    add_object(image)
    for address in ("/gallery/", f"/images/{image.pk}/"):
        page = text_of(viewer, address)
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)", page)


def test_it_says_what_to_do_before_the_first_picture(viewer: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    env = dataclasses.replace(environment.current(), receiver_address=("tcp://*:6001",))
    monkeypatch.setattr(environment, "current", lambda: env)
    page = viewer.get("/gallery/", headers={"host": "testserver:8000"}).content.decode()
    assert "H1: tcp://testserver:6001" in page and "make demo" in page


def test_it_gives_a_limited_viewer_no_lesson_in_imagenode(limited: Client) -> None:
    page = text_of(limited)
    assert "None of the cameras chosen for you" in page and "imagenode" not in page


def test_it_knows_when_a_pi_cannot_reach_the_receiver(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("socket.gethostname", lambda: "hub-pc")
    here = hub("127.0.0.1:8000", ("tcp://127.0.0.1:5555",))
    assert (here.address, here.guessed, here.closed) == ("tcp://hub-pc:5555", True, True)
    assert hub("[::1]:8000", ("tcp://*:5555",)).guessed
    assert hub("hub.lan", ("ipc:///run/hub",)).closed
    assert not hub("hub.lan:8000", ("tcp://0.0.0.0:5555",)).closed


def test_it_has_pages_of_its_own_for_what_goes_wrong(
    viewer: Client, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    assert "Nothing is kept at this address" in text_of(viewer, "/nowhere/")

    def fail(*_: object) -> None:
        raise RuntimeError("the database is gone")

    monkeypatch.setattr("web.views.gallery.read_filters", fail)
    monkeypatch.setattr("django.contrib.staticfiles.storage.StaticFilesStorage.url", fail)
    viewer.raise_request_exception = False
    with django_assert_num_queries(2):  # the session and the person, before anything failed
        response = viewer.get("/gallery/")
    assert response.status_code == 500 and "Something failed on this side" in response.content.decode()
