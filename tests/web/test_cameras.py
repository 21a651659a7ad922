from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from cameras.models import Camera, Node
from tests.web.making import AT, add_object, full_scans, make_camera, make_event, make_image, text_of
from web import receivers
from web.areas import areas_text, parse_areas

FORM = {
    "display": "on",
    "detect": "on",
    "labels": "person, Motorbike, person",
    "min_score": "0.4",
    "scores": "person 0.6, Motorbike: 0.3\ncat .7",
    "min_size": "0.5",
    "max_size": "60",
    "plates": "always",
    "plate_source": "cloud",
    "rois": "porch: (0,0),(50,100)\n\nfar lawn: (10, 20.5), (90, 80)",
    "message": "at the gate",
}


@pytest.fixture
def editor(log_in: Callable[..., Client], camera: Camera) -> Client:
    """A client whose user may change cameras and sees only `camera`."""
    client = log_in("ed", only_chosen_cameras=True)
    user = User.objects.get(username="ed")
    permission = Permission.objects.get(codename="change_camera", content_type__app_label="cameras")
    user.user_permissions.add(permission)
    camera.viewers.add(user)
    return client


def test_it_lists_cameras_with_their_latest_picture_and_settings(viewer: Client, camera: Camera) -> None:
    Camera.objects.filter(pk=camera.pk).update(labels=["person", "dog"], min_score=0.4, plates="off")
    make_image(camera, timezone.now() - timedelta(days=2))
    newest = make_image(camera, timezone.now())
    page = text_of(viewer, "/cameras/")
    assert re.findall(r"/images/(\d+)/thumbnail", page) == [str(newest.pk)]
    assert "person, dog from 40%" in page and "plates off" in page and "1 today" in page


def test_it_keeps_cameras_that_are_out_of_use_apart(viewer: Client, camera: Camera) -> None:
    assert "Out of use" not in text_of(viewer, "/cameras/")
    retired = make_camera("Hall", "Door")
    Camera.objects.filter(pk=retired.pk).update(retired_at=timezone.now())
    before, _, after = text_of(viewer, "/cameras/").partition('id="retired"')
    assert f'href="/cameras/{retired.pk}/"' in after and f'href="/cameras/{retired.pk}/"' not in before
    assert "has been out of use since" in text_of(viewer, f"/cameras/{retired.pk}/")


def test_it_says_how_to_connect_a_first_camera(viewer: Client, limited: Client) -> None:
    Camera.objects.all().delete()
    assert "No camera yet" in text_of(viewer, "/cameras/")
    Node.objects.all().delete()
    assert "hub_address" in text_of(viewer, "/cameras/")
    assert "hub_address" not in text_of(limited, "/cameras/")


def test_it_shows_a_camera_with_pictures_events_and_settings(viewer: Client, camera: Camera) -> None:
    Camera.objects.filter(pk=camera.pk).update(rois={"porch": [[0, 0], [50, 100]]}, message="at the gate")
    image, other = make_image(camera), make_image(make_camera("Driveway", "Back"))
    add_object(image)
    make_event(camera, "Driveway Front|light|lighted|porch")
    page = text_of(viewer, f"/cameras/{camera.pk}/")
    assert f"/images/{image.pk}/" in page and f"/images/{other.pk}/" not in page
    assert "lighted" in page and "at the gate" in page and "porch: (0,0),(50,100)" in page
    assert f'href="/gallery/?camera={camera.pk}"' in page and "settings/" not in page


def test_it_shows_a_camera_that_has_sent_nothing(viewer: Client, camera: Camera) -> None:
    page = text_of(viewer, f"/cameras/{camera.pk}/")
    assert "No pictures of this camera" in page and "reported no event" in page


def test_it_lets_who_may_change_cameras_set_one(editor: Client, camera: Camera) -> None:
    address = f"/cameras/{camera.pk}/settings/"
    assert f'href="{address}"' in text_of(editor, f"/cameras/{camera.pk}/")
    response = editor.post(address, FORM, follow=True)
    assert response.redirect_chain == [(f"/cameras/{camera.pk}/", 302)] and "Saved" in response.content.decode()
    camera.refresh_from_db()
    assert camera.labels == ["person", "motorcycle"]
    assert camera.rois == {"porch": [[0, 0], [50, 100]], "far lawn": [[10, 20.5], [90, 80]]}
    assert (camera.display, camera.detect, camera.newest_first) == (True, True, False)
    assert (camera.min_score, camera.plates, camera.message) == (0.4, "always", "at the gate")
    assert camera.scores == {"person": 0.6, "motorcycle": 0.3, "cat": 0.7}
    assert (camera.min_size, camera.max_size) == (0.5, 60)
    page = text_of(editor, address)
    assert 'value="person 0.6, motorcycle 0.3, cat 0.7"' in page
    assert 'value="person, motorcycle"' in page and "far lawn: (10,20.5),(90,80)" in page


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("labels", "person, unicorn", "unicorn"),
        ("min_score", "1.5", "less than or equal to 1"),
        ("min_score", "0.1", "Nothing below 0.25 is kept on any camera"),
        ("scores", "person 0.1", "Nothing below 0.25 is kept on any camera"),
        ("scores", "person 1.5", "This is not: person 1.5"),
        ("scores", "person", "This is not: person"),
        ("scores", "unicorn 0.5", "unicorn"),
        ("min_size", "-1", "greater than or equal to 0"),
        ("max_size", "0.5", "has to be larger than the smallest"),
        ("rois", "porch: (0,0),(50,101)", "two corners in percent"),
        ("rois", "(0,0),(50,100)", "two corners in percent"),
        ("plates", "sometimes", "Select a valid choice"),
    ],
)
def test_it_says_what_is_wrong_and_keeps_what_was_typed(
    editor: Client, camera: Camera, field: str, value: str, said: str
) -> None:
    page = editor.post(f"/cameras/{camera.pk}/settings/", FORM | {field: value}).content.decode()
    assert said in page.partition('class="field-problem"')[2].partition("</p>")[0] and "at the gate" in page
    assert field == "plates" or value in page
    camera.refresh_from_db()
    assert camera.message == ""


def test_it_refuses_changes_of_others_and_without_a_token(viewer: Client, editor: Client, camera: Camera) -> None:
    other = make_camera("Garden", "Pool")
    for ask in (viewer.get, viewer.post):
        assert ask(f"/cameras/{camera.pk}/settings/").status_code == 403
    for ask in (editor.get, editor.post):
        assert ask(f"/cameras/{other.pk}/settings/").status_code == 404
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(User.objects.get(username="ed"))
    assert strict.post(f"/cameras/{camera.pk}/settings/", FORM).status_code == 403
    camera.refresh_from_db()
    assert camera.message == ""


def test_it_shows_a_node_with_facts_sensors_cameras_and_events(viewer: Client, camera: Camera) -> None:
    facts = {"hostname": "gatepi", "system": "Linux 6.12", "ip": "192.168.1.20", "restarts": 3, "heartbeats": 14233}
    facts |= {"messages": 20417, "messages_per_minute": 3.25, "booted_at": AT - timedelta(hours=2)}
    Node.objects.filter(pk=camera.node_id).update(silent_since=AT, silent_after_minutes=7, **facts)
    make_event(text="Driveway|Temp|20 C", at=AT)
    make_event(text="Driveway|Temp|21.5 C", at=AT + timedelta(seconds=1))
    make_event(text="Garden|Temp|9 C")
    make_event(camera, "Driveway Front|motion|moving")
    page = text_of(viewer, f"/nodes/{camera.node_id}/")
    for fact in (
        "gatepi",
        "Linux 6.12",
        "192.168.1.20",
        "14,233",
        "17 May 2026 12:30:15",
        "7 min",
        "3.3 a minute",
        "20,417",
    ):
        assert fact in page, fact
    assert "17 May 2026 10:30:15" in page
    assert re.findall(r'sensor-value"><bdi>([^<]+)', page) == ["21.5 °C"]
    assert f'href="/cameras/{camera.pk}/"' in page and "20 °C" in page and "9 °C" not in page


def test_it_says_how_a_node_comes_to_count_as_silent(viewer: Client, camera: Camera) -> None:
    address = f"/nodes/{camera.node_id}/"
    assert "15 min, by its usual gap</dd>" in text_of(viewer, address)
    Node.objects.update(usual_gap_seconds=600, created_at=timezone.now() - timedelta(days=3))
    assert "30 min, by its usual gap of 10 min</dd>" in text_of(viewer, address)
    Node.objects.update(silent_after_minutes=0)
    assert "<dt>Silent after</dt><dd>never</dd>" in text_of(viewer, address)


def test_it_shows_a_limited_viewer_only_his_cameras_and_what_they_hang_on(limited: Client, camera: Camera) -> None:
    beside, other = make_camera("Driveway", "Back"), make_camera("Garden", "Pool")
    Node.objects.update(hostname="secretpi", ip="192.168.1.20")
    make_event(camera, "mine|motion|moving")
    make_event(beside, "theirs|light|dimmed")
    make_event(text="Driveway|Temp|21.5 C")
    pages = [text_of(limited, address) for address in ("/cameras/", f"/nodes/{camera.node_id}/")]
    for page in pages:
        assert f'href="/cameras/{camera.pk}/"' in page
        for hidden in ("Back", "Garden", "secretpi", "192.168", "21.5", "dimmed"):
            assert hidden not in page, hidden
    for one in (beside, other):
        for address in (f"/cameras/{one.pk}/", f"/cameras/{one.pk}/settings/"):
            assert limited.get(address).status_code == 404, address
    assert limited.get(f"/nodes/{other.node_id}/").status_code == 404


def test_it_shows_a_node_once_to_who_sees_two_of_its_cameras(limited: Client, camera: Camera) -> None:
    make_camera("Driveway", "Back").viewers.add(User.objects.get(username="cleo"))
    assert text_of(limited, "/cameras/").count(f'<th scope="row"><a href="/nodes/{camera.node_id}/"') == 1


def test_it_tells_staff_how_the_receivers_are_doing(
    log_in: Callable[..., Client], viewer: Client, camera: Camera, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, day = timezone.now().isoformat(), timezone.localdate().isoformat()
    today = {"date": day, "received": 1234, "stored": 1200, "events": 20, "refused": {"not a JPEG": 3, "disk full": 11}}
    outbox = {"unpublished": 40, "oldest_age_seconds": 125.0}
    hub = {"id": "hub", "alive": True, "updated_at": now, "today": today, "outbox": outbox, "senders": 7}
    hub |= {"broker": {"connected": False}, "disk_free_bytes": 5 * 2**30}
    barn = {"id": "barn", "alive": False, "updated_at": now, "today": today | {"date": "2026-01-01", "received": 9}}
    monkeypatch.setattr(receivers, "receiver_states", lambda: [hub, barn])
    page = text_of(log_in("anna", is_staff=True), "/cameras/")
    for said in (
        *("1,234 messages", "1,200 pictures", "20 events", "11 disk full, 3 not a JPEG", "7 heard", "40 wait"),
        *("the first for 2 min", "Not connected", "5.0\xa0GB", "Not running", "0 messages", "Receivers"),
    ):
        assert said in page, said
    assert "1,234 messages" not in text_of(viewer, "/cameras/")


@pytest.mark.parametrize("page", ["home", "visits", "events", "events/latest", "plates", "plates/1", "cameras"])
def test_it_sends_strangers_to_the_login(client: Client, db: None, page: str) -> None:
    address = "/" if page == "home" else f"/{page}/"
    assert client.get(address).headers["Location"] == f"/login/?next={address}"


@pytest.mark.parametrize("who", ["viewer", "limited", "editor"])
def test_it_needs_few_queries_and_no_scan_however_much_there_is(
    request: pytest.FixtureRequest, who: str, camera: Camera, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client: Client = request.getfixturevalue(who)
    for number in range(30):
        add_object(make_image(camera, files=False))
        make_event(camera)
        make_event(text=f"Driveway|sensor{number % 5}|{number} C")
        make_image(make_camera("Driveway", f"View{number}"), files=False)
    pages = [f"/cameras/{camera.pk}/", f"/nodes/{camera.node_id}/"]
    for address in ["/cameras/", *pages, *([f"{pages[0]}settings/"] if who == "editor" else [])]:
        text_of(client, address)
        with django_assert_max_num_queries(12):
            text_of(client, address)
        if connection.vendor == "sqlite":
            assert full_scans(client, address) == [], address


def test_it_reads_areas_as_it_writes_them() -> None:
    areas = {"porch": [[0, 0], [50, 100]], "a b": [[0.25, 1], [99.5, 2]]}
    assert parse_areas(areas_text(areas)) == areas
    assert parse_areas(" porch :( 0 , 0 ) , (50,100) \r\n") == {"porch": [[0, 0], [50, 100]]}
