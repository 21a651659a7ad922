"""The timeline of events, visits, sensors and nodes."""

from __future__ import annotations

import html
import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from cameras.models import Camera, Event, Node
from rollups import services
from tests.web.making import make_camera, make_event, make_image, make_visit, text_of
from web.timeline.drawing import axis, columns, line, strip
from web.timeline.steps import within
from web.timeline.stretch import Stretch

DAY = "/events/timeline/?day=2026-05-17"
AT = datetime(2026, 5, 17, 10, 30, 15, tzinfo=UTC)
"""12:30 by the clock of the tests' site."""


def sensor(node: str, kind: str, value: str, minutes: int = 0) -> None:
    make_event(None, f"{node}|{kind}|{value}", AT + timedelta(minutes=minutes))


def test_it_shows_visits_events_and_the_pictures_of_the_latest_step(viewer: Client, camera: Camera) -> None:
    first = make_visit(camera, 2, AT - timedelta(hours=3)).images.earliest("received_at")
    last = make_visit(camera, 3).images.latest("received_at")
    make_event(camera, at=AT)
    page = text_of(viewer, DAY)
    assert "2 visits, 1 event" in page and "5 pictures" in page and "From Sun 17 May 12:30" in page
    assert f"/images/{last.pk}/" in page and f"/images/{first.pk}/" not in page
    step = re.search(r"step=(\d+)[^>]*><rect[^>]*><title>Sun 17 May 09:30: 2 pictures", page)
    assert step and int(step[1]) == 57
    assert f"/images/{first.pk}/" in text_of(viewer, f"{DAY}&step=57")


@pytest.mark.parametrize("days", [3, 7, 31])
def test_longer_stretches_show_the_same(viewer: Client, camera: Camera, days: int) -> None:
    make_visit(camera, 3)
    make_image(camera, AT - timedelta(days=days - 1))
    while services.count():
        pass
    page = text_of(viewer, f"{DAY}&days={days}")
    assert "4 pictures" in page and "1 visit, 0 events" in page


def test_days_that_are_over_are_kept_for_each_who_may_see_the_same_and_today_is_not(
    viewer: Client, limited: Client, camera: Camera
) -> None:
    other = make_camera("Garden", "Pool")
    for one in (camera, other):
        make_event(one, at=timezone.now() - timedelta(days=3))
        make_event(one)
    month = "/events/timeline/?days=31"
    assert text_of(viewer, month).count("0 visits, 2 events") == 4
    make_event(camera, at=timezone.now() - timedelta(days=2))
    make_event(camera)
    assert "0 visits, 3 events" in text_of(viewer, month), "what comes today shows at once"
    page = text_of(limited, month)
    assert "0 visits, 4 events" in page and "Garden" not in page


def test_sensors_have_units_and_lowest_highest_and_last_values(viewer: Client, camera: Camera) -> None:
    for minutes, value in ((0, "21.5 C"), (5, "23 C"), (60, "-2.5 C")):
        sensor("shed", "Temp", value, minutes)
    sensor("shed", "light", "380", 5)
    page = text_of(viewer, DAY)
    assert "Sensors of <bdi>shed</bdi>" in page and "Temp between -2.5 °C and 23 °C" in page
    assert "-2.5 °C, 13:30" in page and "light between 380 and 380" in page


def test_restarts_and_silence_of_nodes_are_shown(viewer: Client, camera: Camera) -> None:
    make_event(None, f"{camera.node}|Restart|gate,10.0.0.7", AT)
    Node.objects.update(silent_since=timezone.now() - timedelta(hours=1))
    assert "1 message, 1 restart, silent now" in text_of(viewer, DAY)
    assert re.search(r'class="lane-silent" d="M', text_of(viewer, "/events/timeline/"))


def test_filters_narrow_it_to_a_camera_or_a_node(viewer: Client, camera: Camera) -> None:
    other = make_camera("Garden", "Pool")
    make_event(other, at=AT)
    make_event(camera, text=f"{camera}|light|lighter|roi", at=AT)
    sensor("Garden", "Temp", "5 C")
    page = text_of(viewer, f"{DAY}&camera={camera.pk}")
    assert "<bdi>light</bdi>" in page and "Sensors of" not in page and "1 message" in page
    page = text_of(viewer, f"{DAY}&node={other.node_id}")
    assert "Sensors of" in page and "Driveway Front</bdi></a>" not in page


@pytest.mark.parametrize("query", ["days=2", "days=x", "day=2026-02-30", "step=144", "step=-1", "step=x", "camera=99"])
def test_what_is_no_place_on_it_is_not_found(viewer: Client, camera: Camera, query: str) -> None:
    assert viewer.get(f"/events/timeline/?{query}").status_code == 404


def test_a_limited_viewer_sees_only_the_own_camera(limited: Client, camera: Camera) -> None:
    other = make_camera("Garden", "Pool")
    beside = Camera.objects.create(node=camera.node, view="Hidden")
    for one in (other, beside, camera):
        make_event(one, at=AT)
        make_visit(one)
    sensor(camera.node.name, "Temp", "5 C")
    page = text_of(limited, DAY)
    assert "1 visit, 1 event" in page and not re.search("Garden|Hidden|Temp|Sensors", page)
    assert "3 pictures" not in page and "1 picture" in page
    assert limited.get(f"{DAY}&camera={beside.pk}").status_code == 404


@pytest.mark.parametrize("who", ["viewer", "limited"])
@pytest.mark.parametrize("days", [1, 31])
def test_it_needs_few_queries(
    request: pytest.FixtureRequest,
    who: str,
    days: int,
    camera: Camera,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    client: Client = request.getfixturevalue(who)
    for number in range(12):
        make_event(make_camera(f"Node{number}", "Front"), at=AT)
        make_visit(camera, 2, AT + timedelta(minutes=number))
        sensor(f"Node{number}", "Temp", f"{number} C")
    while services.count():
        pass
    client.get(DAY)
    with django_assert_max_num_queries(12):
        assert client.get(f"{DAY}&days={days}").status_code == 200


def test_days_on_which_clocks_change_have_their_hours() -> None:
    assert Stretch(date(2026, 3, 29)).steps == 23 * 6 and Stretch(date(2026, 10, 25)).steps == 25 * 6
    autumn = Stretch(date(2026, 10, 25))
    assert [autumn.words(step)[-5:] for step in (12, 17, 18, 24)] == ["02:00", "02:50", "02:00", "03:00"]
    assert [one.text for one in axis(autumn)][:3] == ["00:00", "03:00", "06:00"]
    month = Stretch(date(2026, 11, 10), 31)
    assert month.steps == 125 and month.span == pytest.approx(124 + 1 / 6), "lanes keep to the axis"


@pytest.mark.parametrize("zone", ["Europe/Berlin", "Asia/Kathmandu", "Australia/Lord_Howe", "America/St_Johns"])
@pytest.mark.parametrize("days", [1, 3, 7, 31])
def test_databases_count_by_the_steps_of_any_time_zone(zone: str, days: int, camera: Camera) -> None:
    with timezone.override(zone):
        stretch = Stretch(date(2026, 10, 25), days)
        times = [stretch.begins, stretch.ends - timedelta(seconds=1), AT.replace(month=10, day=24)]
        times += [stretch.begins + stretch.step * 5 - timedelta(microseconds=1), stretch.at(5), stretch.ends]
        for at in times:
            make_event(camera, at=at)
        found = (
            within(Event.objects.all(), "at", stretch, stretch.begins, stretch.ends)
            .order_by("pk")
            .values_list("at", "step")
        )
        assert list(found) == [(at, stretch.number(at)) for at in times if stretch.begins <= at < stretch.ends]


def test_silences_that_are_over_are_shown_too(viewer: Client, camera: Camera) -> None:
    node = str(camera.node)
    make_event(None, f"{node}|Heartbeat", AT - timedelta(hours=5))
    make_event(None, f"{node}|silent|after 30 min", AT - timedelta(hours=4))
    make_event(None, f"{node}|back|after 5 h", AT)
    make_event(camera, at=AT)
    page = text_of(viewer, DAY)
    assert "2 messages" in page, "what the hub noted is none of the node's messages"
    shape = re.search(r'class="lane-silent" d="M(\d+) 12H(\d+)v', page)
    assert shape and shape.groups() == ("46", "75")


def test_gaps_stay_gaps() -> None:
    assert line([1, 2, 1, 2, None, 3], 1, 3).path.count("M") == 2
    often = [1.0, None, 2.0, None, 1.0, None, 2.0, None, None, None, None, None, None, None, 1.0]
    assert line(often, 1, 2).path.count("M") == 2
    assert line([None] * 9, 0, 0).path == ""


def test_columns_and_bands_say_what_was_counted() -> None:
    assert columns([0, 2, 1], "one", 40, 40).path == "M0 40V40h1V0h1V20h1V40z"
    assert strip([True, True, False, True], "heard", 0, 8).path == "M0 0H2v8H0zM3 0H4v8H3z"


STEP = "/events/timeline/step.json?day=2026-05-17&step="


def test_a_step_has_its_newest_picture_which_leads_to_its_visit(viewer: Client, camera: Camera) -> None:
    visit = make_visit(camera, 2)
    alone = make_image(camera, AT - timedelta(hours=1))
    found = viewer.get(f"{STEP}75&camera={camera.pk}").json()
    assert found["picture"] == {
        "url": f"/visits/{visit.pk}/",
        "thumbnail": f"/images/{visit.images.latest('received_at').pk}/thumbnail.jpg",
        "title": "Driveway Front",
        "time": "12:30:16",
    }
    assert viewer.get(f"{STEP}69").json()["picture"]["url"] == f"/images/{alone.pk}/"
    found = viewer.get(f"{STEP}3&camera={camera.pk}").json()
    assert found == {"picture": None, "log": f"/events/?camera={camera.pk}&from=2026-05-17&to=2026-05-17"}
    assert viewer.get(found["log"]).status_code == 200


@pytest.mark.parametrize("step", ["", "144", "x"])
def test_what_is_no_step_has_no_picture(viewer: Client, camera: Camera, step: str) -> None:
    assert viewer.get(STEP + step).status_code == 404


def test_a_limited_viewer_is_told_of_the_own_pictures_alone(limited: Client, camera: Camera) -> None:
    other = make_camera("Garden", "Pool")
    make_image(other)
    assert limited.get(f"{STEP}75").json()["picture"] is None
    assert limited.get(f"{STEP}75&camera={other.pk}").status_code == 404
    own = make_image(camera)
    assert limited.get(f"{STEP}75").json()["picture"]["url"] == f"/images/{own.pk}/"


def test_lengths_and_days_are_a_press_away_and_keep_the_filters(viewer: Client, camera: Camera) -> None:
    page = html.unescape(text_of(viewer, f"{DAY}&days=7&camera={camera.pk}"))
    for query in ("day=2026-05-17&days=31", "day=2026-05-17", "day=2026-05-10&days=7", "day=2026-05-24&days=7"):
        assert f'href="/events/timeline/?camera={camera.pk}&{query}"' in page, query
    assert f'<a href="/events/timeline/?camera={camera.pk}&day=2026-05-14" tabindex="-1"><text' in page
    assert f'href="/events/timeline/?camera={camera.pk}&days=7">Today' in page
    assert 'name="days" value="7"' in page


def test_cameras_of_which_nothing_came_are_named_apart(viewer: Client, camera: Camera) -> None:
    quiet = make_camera("Garden", "Pool")
    make_event(camera, at=AT)
    page = text_of(viewer, DAY)
    assert re.search(rf'Nothing from <a href="/cameras/{quiet.pk}/"><bdi>Garden Pool', page)
    assert 'data-things="visit,picture,event"' in page and "|0,0,1|" in page and "0 visits, 0 events" not in page
