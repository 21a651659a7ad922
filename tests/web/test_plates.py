from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from cameras.models import Camera
from plates.models import Plate, PlateAlias
from tests.web.making import (
    AT,
    add_reading,
    followed,
    full_scans,
    make_camera,
    make_image,
    make_plate,
    make_sighting,
    text_of,
)

FORM = {"list": "watch", "owner": "Mia & Ben", "vehicle_type": "van", "colour": "white"}


def shown(page: str) -> list[str]:
    return re.findall(r'<th scope="row"><a class="plate" href="/plates/\d+/"><bdi>(\w+)', page)


@pytest.fixture
def editor(log_in: Callable[..., Client]) -> Client:
    """A client whose user may change plates, and is limited to no camera at all."""
    client = log_in("ed", only_chosen_cameras=True)
    permission = Permission.objects.get(codename="change_plate", content_type__app_label="plates")
    User.objects.get(username="ed").user_permissions.add(permission)
    return client


def test_it_lists_plates_with_what_is_known_of_them(viewer: Client, camera: Camera) -> None:
    images = [make_image(camera, AT + timedelta(days=number)) for number in range(3)]
    make_plate("KV482BT", images[0], images[2], owner="Mia & Ben", list="known", colour="white", vehicle_type="van")
    make_plate("KV482BT", images[1], confidence=0.95)
    add_reading(images[1], "KV482BT", plate=Plate.objects.get(), confidence=0.2)
    page = text_of(viewer, "/plates/").partition("<tbody>")[2]
    assert re.findall(r"/images/(\d+)/thumbnail", page) == [str(images[2].pk)], "of the latest visit"
    assert "Mia &amp; Ben" in page and ">Known<" in page and "white van" in page
    assert 'data-label="Visits" class="figure">3<' in page
    assert [f"{day} May 2026 12:30:15" in page for day in (17, 18, 19)] == [True, False, True]


def test_it_searches_by_a_part_of_the_text_or_the_owner(viewer: Client, camera: Camera) -> None:
    image = make_image(camera)
    make_plate("KV482BT", image)
    make_plate("7HRZ319", image, owner="Mia Brandt")
    for search, found in {"482": ["KV482BT"], "kv-4": ["KV482BT"], "brandt": ["7HRZ319"], "zzz": []}.items():
        assert shown(viewer.get("/plates/", {"q": search}).content.decode()) == found, search
    assert "No plate matches" in text_of(viewer, "/plates/?q=zzz")


def test_it_filters_by_list_and_keeps_the_search(viewer: Client, camera: Camera) -> None:
    image = make_image(camera)
    for text, name in (("AA1", "known"), ("AA2", "watch"), ("AA3", "ignore"), ("AA4", ""), ("BB1", "known")):
        make_plate(text, image, list=name)
    found = {name: shown(text_of(viewer, f"/plates/?list={name}&q=aa")) for name in ("known", "watch", "unknown", "")}
    assert found == {"known": ["AA1"], "watch": ["AA2"], "unknown": ["AA4"], "": ["AA4", "AA3", "AA2", "AA1"]}
    assert 'href="/plates/?q=aa&amp;list=ignore"' in text_of(viewer, "/plates/?q=aa")
    assert viewer.get("/plates/?list=enemies").status_code == 404


def test_it_pages_over_every_plate_exactly_once_and_back(viewer: Client, camera: Camera) -> None:
    image = make_image(camera, files=False)
    for number in range(70):
        make_plate(f"AB{number}", image)
    first = page = text_of(viewer, "/plates/")
    seen: list[str] = []
    while page:
        seen += shown(page)
        last, page = page, followed(viewer, page, "next")
    assert seen == [f"AB{number}" for number in reversed(range(70))]
    assert shown(followed(viewer, followed(viewer, last, "prev"), "prev")) == shown(first)


def test_it_says_how_plates_come_to_be_read(viewer: Client, camera: Camera) -> None:
    page = text_of(viewer, "/plates/")
    assert "No plates yet" in page and 'href="/cameras/"' in page


def test_it_shows_a_plate_with_its_visits(viewer: Client, camera: Camera) -> None:
    image, other = make_image(camera), make_image(camera, AT + timedelta(hours=1))
    plate = make_plate("KV482BT", owner="Mia & Ben", colour="white")
    seen = make_sighting(image, plate, text="KV4B2BT", confidence=0.83)
    make_plate("7HRZ319", other)
    page = text_of(viewer, f"/plates/{Plate.objects.get(text='KV482BT').pk}/")
    assert "83% sure" in page and "Mia &amp; Ben" in page and "white" in page and str(camera) in page
    assert f"/visits/{seen.visit_id}/" in page and f"/visits/{other.visit_id}/" not in page
    assert "read as <bdi>KV4B2BT" in page and f"/images/{image.pk}/thumbnail.jpg" in page
    assert "csrfmiddlewaretoken" not in page.partition("<main")[2]


def test_it_pages_over_the_visits_of_a_plate(viewer: Client, camera: Camera) -> None:
    images = [make_image(camera, AT + timedelta(seconds=number), files=False) for number in range(30)]
    plate = make_plate("KV482BT", *images)
    page = text_of(viewer, f"/plates/{plate.pk}/")
    found = [re.findall(r'card-link" href="/visits/(\d+)/"', one) for one in (page, followed(viewer, page, "next"))]
    assert found[0] + found[1] == [str(image.visit_id) for image in reversed(images)]


def test_it_shows_a_limited_viewer_only_what_his_cameras_read(limited: Client, camera: Camera) -> None:
    own, other = make_image(camera), make_image(make_camera("Garden", "Pool"), AT + timedelta(days=1))
    both = make_plate("BOTH1", own)
    make_plate("BOTH1", other, confidence=0.99)
    hidden = make_plate("THEIRS1", other)
    unread = make_plate("NEVER1")
    page = text_of(limited, "/plates/")
    assert shown(page) == ["BOTH1"]
    assert f"/images/{own.pk}/" in page and f"/images/{other.pk}/" not in page
    assert 'class="figure">1<' in page and "18 May" not in page
    assert shown(text_of(limited, "/plates/?q=THEIRS")) == []
    page = text_of(limited, f"/plates/{both.pk}/")
    assert f"/images/{own.pk}/" in page and f"/images/{other.pk}/" not in page and "Garden" not in page
    assert f"/visits/{own.visit_id}/" in page and f"/visits/{other.visit_id}/" not in page
    for plate in (hidden, unread):
        assert limited.get(f"/plates/{plate.pk}/").status_code == 404


def test_it_lets_who_may_change_plates_edit_what_is_known(editor: Client, camera: Camera) -> None:
    plate = make_plate("KV482BT", make_image(camera))
    address = f"/plates/{plate.pk}/"
    assert editor.get(address).status_code == 404 and editor.post(address, FORM).status_code == 404
    camera.viewers.add(User.objects.get(username="ed"))
    assert 'name="owner"' in text_of(editor, address)
    response = editor.post(address, FORM, follow=True)
    assert response.redirect_chain == [(address, 302)] and "KV482BT is saved" in response.content.decode()
    plate.refresh_from_db()
    assert {name: getattr(plate, name) for name in FORM} == FORM and plate.text == "KV482BT"
    response = editor.post(address, FORM | {"list": "enemies"})
    assert "Select a valid choice" in response.content.decode()
    plate.refresh_from_db()
    assert plate.list == "watch"


def test_it_refuses_changes_of_others_and_without_a_token(
    viewer: Client, camera: Camera, log_in: Callable[..., Client]
) -> None:
    plate = make_plate("KV482BT", make_image(camera))
    assert viewer.post(f"/plates/{plate.pk}/", FORM).status_code == 403
    log_in("root", is_superuser=True)
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(User.objects.get(username="root"))
    assert strict.post(f"/plates/{plate.pk}/", FORM).status_code == 403
    plate.refresh_from_db()
    assert plate.owner == ""


@pytest.mark.parametrize("who", ["viewer", "limited", "editor"])
def test_it_needs_few_queries_and_no_scan_however_much_there_is(
    request: pytest.FixtureRequest, who: str, camera: Camera, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client: Client = request.getfixturevalue(who)
    camera.viewers.add(*User.objects.all())
    images = [make_image(camera, files=False) for _ in range(40)]
    plates = [make_plate(f"AB{number}", *images) for number in range(40)]
    for address in ("/plates/", "/plates/?q=AB&list=unknown", "/plates/?q=AB111", f"/plates/{plates[0].pk}/"):
        text_of(client, address)
        with django_assert_max_num_queries(12):
            text_of(client, address)
        if connection.vendor == "sqlite":
            assert full_scans(client, address) == [], address


def test_it_draws_the_hours_of_the_day_with_their_numbers(viewer: Client, camera: Camera) -> None:
    at = [AT, AT + timedelta(days=1), AT + timedelta(hours=5)]
    plate = make_plate("KV482BT", *(make_image(camera, one, files=False) for one in at))
    page = text_of(viewer, f"/plates/{plate.pk}/")
    assert "3 visits, most between 12:00 and 13:00 (2)." in page
    chart = page.partition('class="hours-chart"')[2].partition("</svg>")[0]
    assert re.findall(r"<title>(\d+):00 – (\d+)", chart) == [("12", "2"), ("17", "1")]
    numbers = page.partition("Visits by hour of day")[2].partition("</table>")[0]
    assert re.findall(r'row">(\d+):00</th><td class="figure">(\d+)', numbers) == [("12", "2"), ("17", "1")]
    assert "hours-chart" not in text_of(viewer, f"/plates/{make_plate('NEVER1').pk}/")


def test_it_finds_plates_that_look_like_what_was_searched(limited: Client, viewer: Client, camera: Camera) -> None:
    make_plate("KV482BT", make_image(make_camera("Garden", "Pool")))
    page = viewer.get("/plates/", {"q": "kv-48z-bt"}).content.decode()
    assert "Plates that look like it" in page and "0.3 away" in page and shown(page) == ["KV482BT"]
    assert "KV482BT" not in limited.get("/plates/", {"q": "kv-48z-bt"}).content.decode()
    assert "look like it" not in viewer.get("/plates/", {"q": "KV482BT"}).content.decode()


def test_it_searches_notes_too(viewer: Client) -> None:
    make_plate("KV482BT", colour="white", vehicle_type="delivery van")
    for search in ("WHITE", "van"):
        assert shown(text_of(viewer, f"/plates/?q={search}")) == ["KV482BT"]


def test_it_tells_who_sees_all_what_people_taught(viewer: Client, limited: Client, camera: Camera) -> None:
    plate = make_plate("KV482BT", make_image(camera))
    PlateAlias.objects.create(text="XX777YY", plate=plate, created_by=User.objects.get(username="ben"))
    assert "XX777YY" in text_of(viewer, f"/plates/{plate.pk}/")
    assert "XX777YY" not in text_of(limited, f"/plates/{plate.pk}/")
