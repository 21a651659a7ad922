"""The page of what receivers show just now."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import redis
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from cameras.models import Camera, CameraAlias, NodeAlias
from ingest import live
from receiver.live_keys import WATCHED, list_key, picture_key
from tests.web.making import make_camera, text_of

Show = Callable[..., None]
AT = datetime(2026, 11, 22, 12, 30, 15, tzinfo=UTC).isoformat()
TUNING = {"kind": "tuning", "sender": "gate", "peer": "10.0.0.7", "name": "ROI"}


@pytest.fixture
def show(broker: redis.Redis, monkeypatch: pytest.MonkeyPatch) -> Show:
    """Have the receiver `hub` show pictures: the facts of each by its slot."""
    monkeypatch.setattr(live, "receiver_states", lambda: [{"id": "hub"}, {"id": "barn"}, {}])

    def shown(receiver_id: str = "hub", **slots: dict[str, Any]) -> None:
        facts = [{"slot": slot, "number": 7, "at": AT, **one} for slot, one in slots.items()]
        broker.set(list_key(receiver_id), json.dumps(facts))
        for slot in slots:
            broker.set(picture_key(receiver_id, slot), f"picture {slot} of {receiver_id}")

    return shown


def camera_facts(node: str, view: str) -> dict[str, str]:
    return {"kind": "camera", "node": node, "view": view}


def titles(client: Client) -> list[str]:
    return [one["title"] for one in client.get("/live/list.json").json()["cards"]]


def test_it_shows_cameras_and_test_images_of_all_receivers(viewer: Client, show: Show, broker: redis.Redis) -> None:
    show(aa=TUNING, bb=camera_facts("gate", "Driveway"))
    show("barn", cc=TUNING | {"name": "<b>", "sender": "10.0.0.8"})
    page = text_of(viewer, "/live/")
    pictures = re.findall(r'src="(/live/[^"]+)"', page)
    assert pictures == [f"/live/{one}.jpg?number=7" for one in ("hub/bb", "barn/cc", "hub/aa")]
    assert "gate Driveway" in page and "&lt;b&gt;" in page and "from 10.0.0.8" in page and "13:30:15" in page
    response = viewer.get("/live/barn/cc.jpg?number=7")
    assert response.content == b"picture cc of barn"
    assert response.headers["Content-Type"] == "image/jpeg" and "no-store" in response.headers["Cache-Control"]
    assert 0 < broker.ttl(WATCHED) <= 15


def test_the_list_is_told_again_only_when_it_has_changed(viewer: Client, show: Show) -> None:
    show(aa=TUNING)
    first = viewer.get("/live/list.json")
    assert "no-cache" in first.headers["Cache-Control"]
    same = {"If-None-Match": first.headers["ETag"]}
    assert viewer.get("/live/list.json", headers=same).status_code == 304
    show(aa=TUNING | {"number": 8})
    second = viewer.get("/live/list.json", headers=same)
    assert second.status_code == 200 and second.json()["cards"][0]["picture"] == "/live/hub/aa.jpg?number=8"


def test_it_says_how_to_have_something_shown(viewer: Client, limited: Client, show: Show) -> None:
    page = text_of(viewer, "/live/")
    assert "send_test_images: True" in page and "RECEIVER_LIVE_ADDRESS=tcp://*:5558" in page
    assert "send_test_images" not in text_of(limited, "/live/")


def test_a_limited_viewer_sees_only_the_own_cameras_by_whatever_name_they_send(
    limited: Client, show: Show, camera: Camera
) -> None:
    make_camera("Garden", "Pool")
    NodeAlias.objects.create(name="Old", node=camera.node)
    CameraAlias.objects.create(node=camera.node, view="Merged", camera=camera)
    sent = {"aa": ("Driveway", "Front"), "bb": ("Old", "Front"), "cc": ("Driveway", "Merged")}
    hidden = {"dd": ("Garden", "Pool"), "ee": ("Driveway", "Back"), "ff": ("Unknown", "")}
    show(**{slot: camera_facts(*one) for slot, one in (sent | hidden).items()}, gg=TUNING)
    assert titles(limited) == ["Driveway Front", "Driveway Merged", "Old Front"]
    page = text_of(limited, "/live/")
    assert not re.search("Garden|Back|Unknown|ROI|10\\.0\\.0", page)
    for slot in sent:
        assert limited.get(f"/live/hub/{slot}.jpg").status_code == 200
    for slot in (*hidden, "gg", "hh"):
        assert limited.get(f"/live/hub/{slot}.jpg").status_code == 404, slot


@pytest.mark.parametrize("who", ["viewer", "limited"])
def test_it_needs_few_queries(
    request: pytest.FixtureRequest,
    who: str,
    camera: Camera,
    show: Show,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    client: Client = request.getfixturevalue(who)
    show(**{f"s{number}": camera_facts("Driveway", "Front") for number in range(20)})
    for number in range(20):
        make_camera(f"Node{number}", "Front")
    for address in ("/live/", "/live/list.json", "/live/hub/s1.jpg"):
        client.get(address)
        with django_assert_max_num_queries(12):
            assert client.get(address).status_code == 200


def test_it_says_what_cannot_be_shown(viewer: Client, show: Show) -> None:
    show(aa=TUNING | {"problem": "It is too large to be shown live: 3.0 MiB."})
    page = text_of(viewer, "/live/")
    assert "too large" in page and "/live/hub/aa.jpg" not in page


def test_it_says_when_the_broker_is_away(viewer: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone() -> None:
        raise redis.ConnectionError("refused")

    monkeypatch.setattr(live, "watch", gone)
    monkeypatch.setattr(live, "shown", gone)
    assert "The broker does not answer" in text_of(viewer, "/live/")
    assert viewer.get("/live/list.json").json() == {
        "problem": "The broker does not answer, so that nothing can be shown.",
        "cards": [],
    }
    assert viewer.get("/live/hub/aa.jpg").status_code == 404


def test_strangers_see_nothing(client: Client, db: None, show: Show) -> None:
    show(aa=TUNING)
    for address in ("/live/", "/live/list.json", "/live/hub/aa.jpg"):
        assert client.get(address).headers["Location"].startswith("/login/")
