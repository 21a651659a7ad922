"""Triage: vehicles in doubt, one at a time."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from cameras.models import Camera, Visit
from plates.models import Correction, Plate, Sighting
from plates.sightings import merge_sightings
from tests.web.making import AT, add_reading, full_scans, make_camera, make_image, make_visit, text_of
from tests.web.test_corrections import allow

TRIAGE = "/plates/triage/"


def doubtful(camera: Camera, text: str, minutes: int = 0, **fields: Any) -> Visit:
    """A visit with one vehicle whose text is not sure enough to be a plate."""
    visit = make_visit(camera, at=AT + timedelta(minutes=minutes), **{"closed_at": AT, **fields})
    add_reading(visit.images.get(), text, confidence=0.2)
    merge_sightings(visit.pk, closing=True)
    return visit


def asked(page: str) -> str:
    """The text that a page asks about; empty where it asks about none."""
    found = re.search(r'<h2 id="read"><span class="plate plate-large plate-unsure"><bdi>(\w+)', page)
    return found[1] if found else ""


def answer(client: Client, page: str, **said: str) -> str:
    """Press a button of the page; the page that follows."""
    action = re.search(r'action="(/sightings/\d+/correct/)"', page)
    hidden = dict(re.findall(r'type="hidden" name="(next|here|was)" value="([^"]+)"', page))
    assert action
    response = client.post(action[1], hidden | said, follow=True)
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def anna(log_in: Callable[..., Client]) -> Client:
    return log_in("anna", is_staff=True)


def test_it_says_when_nothing_waits(viewer: Client, camera: Camera) -> None:
    assert "Nothing is left to sort out" in text_of(viewer, TRIAGE)
    assert "/plates/triage/" not in text_of(viewer, "/plates/")


def test_it_asks_about_one_after_the_other_the_newest_first(anna: Client, camera: Camera) -> None:
    for number in range(3):
        doubtful(camera, f"AB1{number}CD", number)
    assert '<span class="tab-count">3</span>' in text_of(anna, "/plates/")
    page = text_of(anna, TRIAGE)
    assert asked(page) == "AB12CD" and "3 left" in page
    page = answer(anna, page, text="AB12CD")
    assert asked(page) == "AB11CD" and "2 left" in page and "AB12CD is a plate." in page
    page = answer(anna, page, text="kv 482 bt")
    assert asked(page) == "AB10CD"
    page = answer(anna, page, none="1")
    assert "Nothing is left to sort out" in page and "AB10CD is no plate" in page
    known = {one.text for one in Plate.objects.all()}
    assert known == {"AB12CD", "KV482BT"} and Correction.objects.count() == 3


def test_what_is_skipped_stays_and_the_end_is_told(anna: Client, camera: Camera) -> None:
    for number in range(2):
        doubtful(camera, f"AB1{number}CD", number)
    page = text_of(anna, TRIAGE)
    for expected in ("AB10CD", ""):
        skip = re.search(r'href="([^"]+)" data-key="s"', page)
        assert skip
        page = text_of(anna, skip[1])
        assert asked(page) == expected
    assert "That was the last one" in page and f'href="{TRIAGE}"' in page


def test_undoing_leads_back_to_the_vehicle(anna: Client, camera: Camera) -> None:
    for number in range(3):
        doubtful(camera, f"AB1{number}CD", number)
    for said in ({"text": "KV482BT"}, {"text": "AB12CD"}, {"none": "1"}):
        page = answer(anna, text_of(anna, TRIAGE), **said)
        assert asked(page) == "AB11CD"
        undo = re.search(r'action="(/corrections/\d+/undo/)"', page)
        assert undo and 'data-key="u"' in page
        response = anna.post(undo[1], {"next": TRIAGE}, follow=True)
        assert asked(response.content.decode()) == "AB12CD" and "3 left" in response.content.decode()


def test_what_cannot_be_a_plate_is_told_where_it_was_typed(anna: Client, camera: Camera) -> None:
    doubtful(camera, "AB10CD")
    page = answer(anna, text_of(anna, TRIAGE), text="?!")
    assert asked(page) == "AB10CD" and "cannot be a plate" in page


def test_suggestions_have_keys_and_say_why(anna: Client, camera: Camera) -> None:
    visit = doubtful(camera, "KV48ZBT")
    near = [Plate.objects.create(text=text) for text in ("KV482BT", "KV48ZBI")]
    matches = [{"plate": one.pk, "text": one.text, "cost": 0.3} for one in near]
    candidates = [{"text": f"KV48{number}", "confidence": 0.1} for number in range(9)]
    Sighting.objects.filter(visit=visit).update(matches=matches, candidates=candidates)
    page = text_of(anna, TRIAGE)
    keys = re.findall(r'name="text" value="(\w+)" data-key="(\w)"', page)
    assert keys[:3] == [("KV48ZBT", "a"), ("KV482BT", "1"), ("KV48ZBI", "2")] and keys[-1][1] == "5"
    for key in ("x", "t", "s"):
        assert f'data-key="{key}"' in page


def test_open_visits_and_vehicles_without_a_text_are_not_asked_about(anna: Client, camera: Camera) -> None:
    doubtful(camera, "AB10CD", closed_at=None)
    Sighting.objects.create(visit=make_visit(camera, closed_at=AT), at=AT)
    assert "Nothing is left to sort out" in text_of(anna, TRIAGE)


def test_a_limited_viewer_is_asked_about_the_own_cameras_and_may_only_look(limited: Client, camera: Camera) -> None:
    doubtful(camera, "AB10CD")
    doubtful(make_camera("Garden", "Pool"), "ZZ999ZZ", 5)
    page = text_of(limited, TRIAGE)
    assert asked(page) == "AB10CD" and "1 left" in page and "/correct/" not in page
    allow("cleo", "change_platereading")
    page = answer(limited, text_of(limited, TRIAGE), text="AB10CD")
    assert "Nothing is left to sort out" in page and "ZZ999ZZ" not in page


@pytest.mark.parametrize("place", ["x", "9" * 30, "1-2-3"])
def test_it_answers_404_to_places_that_cannot_be(viewer: Client, camera: Camera, place: str) -> None:
    assert viewer.get(f"{TRIAGE}?older={place}").status_code == 404


@pytest.mark.parametrize("who", ["limited", "staff"])
def test_it_needs_few_queries_and_no_scan_however_much_there_is(
    request: pytest.FixtureRequest,
    who: str,
    camera: Camera,
    log_in: Callable[..., Client],
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    client: Client = log_in("anna", is_staff=True) if who == "staff" else request.getfixturevalue(who)
    visit = make_visit(camera, pictures=0, closed_at=AT, merged_at=AT)
    for number in range(120):
        image = make_image(camera, AT + timedelta(seconds=number), files=False, visit=visit)
        status = "unknown" if number % 2 else "ambiguous"
        facts = {"text": f"AB{number}", "status": status, "best_image": image, "at": image.received_at}
        add_reading(image, f"AB{number}", sighting=Sighting.objects.create(visit=visit, **facts))
    assert "99+ left" in text_of(client, TRIAGE)
    with django_assert_max_num_queries(12):
        text_of(client, TRIAGE)
    if connection.vendor == "sqlite":
        assert full_scans(client, TRIAGE) == []
