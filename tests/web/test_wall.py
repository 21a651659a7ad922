"""The live wall: what it shows to whom, and what its script is told."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
import redis
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from cameras.models import Camera, Node, NodeAlias
from ingest import live
from receiver.live_keys import WATCHED, list_key
from tests.web.making import make_camera, make_image, text_of
from web.ages import age


@pytest.fixture(autouse=True)
def receivers(broker: redis.Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "receiver_states", lambda: [{"id": "hub"}])


def send(broker: redis.Redis, node: str, view: str, at: datetime, slot: str = "aa") -> None:
    facts = {"slot": slot, "number": 7, "at": at.isoformat(), "kind": "camera", "node": node, "view": view}
    broker.set(list_key("hub"), json.dumps([facts]))


def told(client: Client) -> dict[str, dict[str, object]]:
    tiles = client.get("/wall/list.json").json()["tiles"]
    return {one["title"]: one for one in tiles}


def test_it_shows_the_latest_picture_of_every_camera_that_is_to_be_displayed(viewer: Client, camera: Camera) -> None:
    old = make_image(camera, timezone.now() - timedelta(hours=5))
    new = make_image(camera, timezone.now() - timedelta(seconds=90))
    make_camera("Garden", "Pool")
    Camera.objects.filter(pk=make_camera("Cellar", "Door").pk).update(display=False)
    Camera.objects.filter(pk=make_camera("Gone", "Gate").pk).update(retired_at=timezone.now())
    page = text_of(viewer, "/wall/")
    assert f"/images/{new.pk}/file.jpg 640w" in page and f"/images/{old.pk}/" not in page
    assert f'href="/cameras/{camera.pk}/"' in page and "1 min" in page
    assert "Garden Pool" in page and "No picture yet" in page and "test-card" in page
    assert list(told(viewer)) == ["Driveway Front", "Garden Pool"]


def test_a_new_picture_is_told_and_nothing_while_none_came(viewer: Client, camera: Camera) -> None:
    make_image(camera)
    first = viewer.get("/wall/list.json")
    same = {"If-None-Match": first.headers["ETag"]}
    assert viewer.get("/wall/list.json", headers=same).status_code == 304
    new = make_image(camera, timezone.now())
    second = viewer.get("/wall/list.json", headers=same)
    assert second.status_code == 200 and second.json()["tiles"][0]["picture"] == f"/images/{new.pk}/file.jpg"


def test_it_marks_what_is_stale_and_nodes_that_are_silent(viewer: Client, camera: Camera) -> None:
    make_image(camera, timezone.now() - timedelta(hours=3, minutes=1))
    assert "data-stale>" in text_of(viewer, "/wall/").replace("data-stale data-silent", "data-stale>")
    assert "3 h" in text_of(viewer, "/wall/")
    Node.objects.update(silent_since=timezone.now())
    assert told(viewer)["Driveway Front"]["silent"] is True


def test_a_camera_that_sends_all_the_time_is_shown_as_it_sends(
    viewer: Client, camera: Camera, broker: redis.Redis
) -> None:
    make_image(camera, timezone.now() - timedelta(minutes=1))
    NodeAlias.objects.create(name="Old", node=camera.node)
    send(broker, "Old", "Front", timezone.now())
    tile = told(viewer)["Driveway Front"]
    assert tile["live"] and tile["picture"] == "/live/hub/aa.jpg?number=7" and not tile["thumbnail"]
    assert 0 < broker.ttl(WATCHED) <= 15
    kept = make_image(camera, timezone.now() + timedelta(seconds=1))
    tile = told(viewer)["Driveway Front"]
    assert not tile["live"] and tile["picture"] == f"/images/{kept.pk}/file.jpg"


def test_a_picture_that_cannot_be_read_has_the_test_card(viewer: Client, camera: Camera) -> None:
    make_image(camera, timezone.now(), width=0, height=0)
    tile = told(viewer)["Driveway Front"]
    assert not tile["picture"] and tile["note"] == "The latest picture cannot be read"


def test_a_limited_viewer_sees_the_own_cameras_alone(limited: Client, camera: Camera, broker: redis.Redis) -> None:
    make_image(camera)
    hidden = make_image(make_camera("Garden", "Pool"))
    send(broker, "Garden", "Pool", datetime.now(UTC))
    assert list(told(limited)) == ["Driveway Front"]
    page = text_of(limited, "/wall/")
    assert "Garden" not in page and f"/images/{hidden.pk}/" not in page and "/live/" not in page


def test_strangers_see_nothing(client: Client, db: None) -> None:
    for address in ("/wall/", "/wall/list.json"):
        assert client.get(address).headers["Location"].startswith("/login/")


def test_the_size_is_remembered_by_the_browser(viewer: Client, camera: Camera) -> None:
    assert 'data-size="fit"' in text_of(viewer, "/wall/")
    viewer.cookies["wall"] = f"fit.{camera.pk}"
    assert "data-large" in text_of(viewer, "/wall/?size=large")
    assert viewer.cookies["wall"].value == f"large.{camera.pk}"
    assert 'data-size="large"' in text_of(viewer, "/wall/")
    for text in ('x"><b>', "huge", "fit.", "fit.x", "large." + "9" * 12):
        viewer.cookies["wall"] = text
        assert 'data-size="fit"' in text_of(viewer, "/wall/"), text


def test_it_loads_itself_without_scripts_and_begins_as_a_kiosk_where_the_address_says_so(viewer: Client) -> None:
    page = text_of(viewer, "/wall/?kiosk")
    assert '<noscript><meta http-equiv="refresh"' in page and "wall-kiosk" in page
    assert "No camera on the wall" in page


def test_it_goes_on_while_the_broker_is_away(viewer: Client, camera: Camera, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone() -> None:
        raise redis.ConnectionError("refused")

    monkeypatch.setattr(live, "watch", gone)
    make_image(camera)
    answer = viewer.get("/wall/list.json").json()
    assert "broker does not answer" in answer["problem"] and answer["tiles"][0]["picture"]
    assert "broker does not answer" in text_of(viewer, "/wall/")


@pytest.mark.parametrize("who", ["viewer", "limited"])
def test_it_needs_few_queries(
    request: pytest.FixtureRequest,
    who: str,
    camera: Camera,
    broker: redis.Redis,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    client: Client = request.getfixturevalue(who)
    for number in range(20):
        make_image(make_camera(f"Node{number}", "Front"), files=False)
    send(broker, "Driveway", "Front", timezone.now())
    for address in ("/wall/", "/wall/list.json"):
        client.get(address)
        with django_assert_max_num_queries(12):
            assert client.get(address).status_code == 200


def test_ages_are_said_in_few_letters() -> None:
    assert [age(one) for one in (-3, 0, 59.9, 60, 3599, 3600, 86399, 86400 * 9)] == [
        *("0 s", "0 s", "59 s", "1 min", "59 min", "1 h", "23 h", "9 d")
    ]


def test_the_script_of_a_page_is_told_apart_from_that_of_a_newer_version(viewer: Client, camera: Camera) -> None:
    script = viewer.get("/wall/list.json").json()["script"]
    page = text_of(viewer, "/wall/")
    assert f'src="{script}" type="module"' in page and f'data-script="{script}"' in page


def test_who_was_signed_out_comes_back_to_the_wall_as_it_was(viewer: Client, camera: Camera) -> None:
    assert 'href="/login/?next=/wall/%3Fkiosk" hidden' in text_of(viewer, "/wall/?kiosk")
