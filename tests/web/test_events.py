from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from cameras.models import Camera, Event
from tests.web.making import AT, followed, full_scans, make_camera, make_event, text_of
from web import event_search
from web.paging import Cursor


def rows(page: str) -> list[list[str]]:
    """The texts of every row of the log, cell by cell, without the time."""
    body = page.partition("<tbody>")[2].partition("</tbody>")[0]
    return [
        [re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL)]
        for row in body.split("</tr>")
        if "<tr" in row
    ]


def texts(page: str) -> list[str]:
    return [row[-1] for row in rows(page)]


def test_it_lists_what_nodes_reported_with_unit_region_and_whole_text(viewer: Client, camera: Camera) -> None:
    make_event(camera, "Driveway Front|motion|still|porch", AT)
    make_event(text="gate|Temp|21.5 C", at=AT + timedelta(seconds=1))
    make_event(text="gate|humidity|48.4 %", at=AT + timedelta(seconds=2))
    make_event(text="gate|jackpot", at=AT + timedelta(seconds=3))
    page = text_of(viewer, "/events/")
    assert rows(page) == [
        ["gate", "", "jackpot", "", "", "gate|jackpot"],
        ["gate", "", "humidity", "48.4 %", "", "gate|humidity|48.4 %"],
        ["gate", "", "Temp", "21.5 °C", "", "gate|Temp|21.5 C"],
        ["Driveway", "Front", "motion", "still", "porch", "Driveway Front|motion|still|porch"],
    ]
    assert "12:30:15</time>" in page


def test_it_escapes_what_nodes_say(viewer: Client, camera: Camera) -> None:
    make_event(camera, "Driveway Front|<b>x|<script>alert(1)</script>|<i>", AT)
    make_event(text="gate|<u>kind|7 <s>", at=AT)
    for address in ("/events/", "/events/latest/", "/", f"/cameras/{camera.pk}/", f"/nodes/{camera.node_id}/"):
        page = text_of(viewer, address)
        for hostile in ("<b>x", "<script>alert", "<u>kind", "<s>", "<i>"):
            assert hostile not in page, (address, hostile)


def test_it_filters_by_camera_node_kind_and_day(viewer: Client, camera: Camera) -> None:
    other = make_camera("Driveway", "Back")
    late = datetime(2026, 5, 16, 22, 30, tzinfo=UTC)  # 00:30 on the 17th in Berlin
    make_event(camera, "a|motion|moving", late)
    make_event(camera, "b|light|dark", late - timedelta(hours=1))
    make_event(other, "c|motion|moving", late)
    make_event(text="Driveway|Temp|1 C", at=late)
    make_event(text="gate|Temp|2 C", at=late)
    node = camera.node_id
    for query, left in {
        f"camera={camera.pk}": {"a|motion|moving", "b|light|dark"},
        f"node={node}&kind=Temp": {"Driveway|Temp|1 C"},
        f"node={node}": {"a|motion|moving", "b|light|dark", "c|motion|moving", "Driveway|Temp|1 C"},
        "kind=Temp": {"Driveway|Temp|1 C", "gate|Temp|2 C"},
        f"camera={camera.pk}&day=2026-05-17": {"a|motion|moving"},
        "day=2026-05-16": {"b|light|dark"},
        "from=2026-05-17": {"a|motion|moving", "c|motion|moving", "Driveway|Temp|1 C", "gate|Temp|2 C"},
        "to=2026-05-16": {"b|light|dark"},
        f"from=2026-05-16&to=2026-05-17&camera={camera.pk}": {"a|motion|moving", "b|light|dark"},
    }.items():
        assert set(texts(text_of(viewer, f"/events/?{query}"))) == left, query
    assert "The first day is after the last one" in text_of(viewer, "/events/?from=2026-05-17&to=2026-05-16")
    assert viewer.get("/events/?from=17.5.2026").status_code == 404
    assert "No event matches these filters" in text_of(viewer, "/events/?kind=motion&day=2026-05-18")


def test_it_offers_the_kinds_that_came_and_keeps_the_chosen_one(viewer: Client, camera: Camera) -> None:
    make_event(text="gate|jackpot|7")
    page = text_of(viewer, "/events/?kind=gone%22%3E")
    kinds = page.partition('name="kind"')[2].partition("</select>")[0]
    assert '<option value="jackpot">' in kinds and '<option value="gone&quot;&gt;" selected>' in kinds


def test_it_pages_over_every_event_exactly_once_and_keeps_the_filters(viewer: Client, camera: Camera) -> None:
    wanted = [make_event(camera, f"w|motion|{number}", AT + timedelta(seconds=number // 40)) for number in range(120)]
    for number in range(10):
        make_event(camera, f"x|light|{number}", AT)
    newest_first = sorted(wanted, key=lambda one: (one.at, one.pk), reverse=True)
    seen: list[str] = []
    page = text_of(viewer, "/events/?kind=motion")
    while page:
        seen += texts(page)
        last, page = page, followed(viewer, page, "next")
    assert seen == [one.text for one in newest_first]
    assert texts(followed(viewer, last, "prev")) == seen[50:100]


def test_it_shows_a_limited_viewer_only_events_of_his_cameras(limited: Client, camera: Camera) -> None:
    other = make_camera("Garden", "Pool")
    make_event(camera, "mine|motion|moving")
    make_event(other, "theirs|motion|moving")
    make_event(text="Driveway|Temp|21.5 C")
    assert texts(text_of(limited, "/events/")) == ["mine|motion|moving"]
    latest = text_of(limited, "/events/latest/")
    assert "Garden" not in latest and "21.5" not in latest and "moving" in latest
    for query in (f"camera={other.pk}", f"node={other.node_id}"):
        assert limited.get(f"/events/?{query}").status_code == 404, query


def test_it_shows_the_latest_of_every_camera_and_sensor(viewer: Client, camera: Camera) -> None:
    quiet = make_camera("Garden", "Pool")
    for age, text in enumerate(("a|motion|still", "b|motion|moving")):
        make_event(camera, text, AT - timedelta(seconds=age))
    for age, text in enumerate(("gate|Temp|21.5 C", "gate|Temp|9 C", "gate|pressure|1013 hPa", "shed|Temp|76 F")):
        make_event(text=text, at=AT - timedelta(seconds=age))
    make_event(text="gate|Restart|gatepi", at=AT)
    page = text_of(viewer, "/events/latest/")
    assert rows(page)[0][1:] == ["motion", "still", ""]
    assert str(quiet) in page and "No event yet" in page
    values = re.findall(r'sensor-value"><bdi>([^<]+)', page)
    assert values == ["1013 hPa", "21.5 °C", "76 °F"]


def test_it_says_what_makes_events(viewer: Client, limited: Client) -> None:
    assert "imagenode.yaml" in text_of(viewer, "/events/")
    page = text_of(limited, "/events/")
    assert "None of the cameras chosen for you" in page and "imagenode" not in page


@pytest.mark.parametrize("who", ["viewer", "limited"])
def test_it_needs_few_queries_and_no_scan_however_much_there_is(
    request: pytest.FixtureRequest, who: str, camera: Camera, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client: Client = request.getfixturevalue(who)
    for number in range(60):
        make_event(camera, at=AT + timedelta(seconds=number))
        make_event(make_camera("Node", f"View{number}"))
        make_event(text=f"Node{number}|Temp|{number} C")
    place = Event.objects.filter(camera=camera).order_by("-at")[20]
    older = f"older={Cursor(place.at, place.pk)}"
    filters = [f"camera={camera.pk}&{older}", f"node={camera.node_id}", "kind=motion&day=2026-05-17"]
    queries = ["", *(f"?{one}" for one in (older, *filters))]
    for address in ["/events/latest/", *(f"/events/{query}" for query in queries)]:
        text_of(client, address)
        with django_assert_max_num_queries(12):
            text_of(client, address)
        if connection.vendor == "sqlite":
            assert full_scans(client, address) == [], address


def test_the_log_is_searched_by_words_of_the_message(viewer: Client, camera: Camera) -> None:
    make_event(camera, text=f"{camera}|motion|moving|lawn")
    make_event(camera, text=f"{camera}|motion|still|lawn")
    page = text_of(viewer, "/events/?q=LAWN+mov")
    assert "|moving|lawn" in page and "|still|lawn" not in page
    assert "No event matches" in text_of(viewer, "/events/?q=nothing")


def test_a_search_looks_through_so_many_events_at_once(
    viewer: Client, camera: Camera, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_search, "LOOKED_THROUGH", 3)
    for number in range(8):
        text = f"{camera}|motion|moving|{'lawn' if number in {0, 6} else 'porch'}"
        make_event(camera, text=text, at=AT + timedelta(minutes=number))
    found, address, seen = [], "/events/?q=lawn", []
    while address:
        page = text_of(viewer, address)
        found += [text for text in texts(page) if "lawn" in text]
        seen.append("Looked through back to" in page)
        older = re.search(r'href="([^"]*older=[^"]*)"', page)
        address = unescape(older[1]) if older else ""
    assert (len(found), seen) == (2, [True, True, False])
    assert "Nothing so far" in text_of(viewer, "/events/?q=nothing")
