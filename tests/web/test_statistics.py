from __future__ import annotations

import csv
import io
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from cameras.models import Camera, Visit
from plates.models import Plate, PlateList, Sighting
from rollups import services
from tests.web.making import AT, add_object, finish, make_camera, make_image, text_of
from web.statistics.period import Period

DAY = "from=2026-05-17&to=2026-05-17"
CHARTS = ("pictures", "objects", "visits", "plates", "pipeline", "latency", "cameras", "storage")


@pytest.fixture
def counted(camera: Camera) -> Camera:
    """A camera with a picture of a car and a visit of a known vehicle, and another with two persons; counted."""
    image = make_image(camera, files=False)
    add_object(image, "car")
    finish(image, "done", "empty")
    visit = Visit.objects.create(camera=camera, started_at=AT, ended_at=AT)
    Sighting.objects.create(visit=visit, plate=Plate.objects.create(text="KV482BT", list=PlateList.KNOWN), at=AT)
    other = make_camera("=Garden", "Pool")
    for _ in range(2):
        add_object(make_image(other, files=False), "person")
    catch_up()
    return camera


def catch_up() -> None:
    while services.count():
        pass


def rows_of(client: Client, chart: str, query: str = DAY) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text_of(client, f"/statistics/{chart}.csv?{query}"))))


def test_it_shows_what_was_counted(viewer: Client, counted: Camera) -> None:
    page = text_of(viewer, f"/statistics/?{DAY}")
    assert "person: 2, car: 1" in page
    assert "Known: 1, Watch: 0" in page
    assert "3 pictures of" in page
    assert "Most: Sunday 12:00, 1.0" in page, "half past ten by UTC is half past twelve in Berlin"


def test_every_chart_says_what_it_shows_and_has_a_table_and_csv(viewer: Client, counted: Camera) -> None:
    page = text_of(viewer, f"/statistics/?{DAY}")
    drawn = re.findall(r'<svg class="chart[^>]*aria-labelledby="title-(\w+)" aria-describedby="desc-\1"', page)
    assert drawn == list(CHARTS[:6])
    assert page.count("as a table</summary>") == len(drawn)
    for chart in CHARTS:
        assert f"/statistics/{chart}.csv?from=2026-05-17&amp;to=2026-05-17" in page, chart
        assert len(rows_of(viewer, chart)) > 1, chart


def test_csv_has_the_same_figures(viewer: Client, counted: Camera) -> None:
    head, *rows = rows_of(viewer, "objects")
    assert head == ["hour", "person", "car"] and len(rows) == 24
    assert ["2026-05-17T12:00:00+02:00", "2", "1"] in rows
    assert rows_of(viewer, "plates", "from=2026-05-10&to=2026-05-20")[8] == ["2026-05-17", "1", "0", "0", "0", "0"]
    assert ["Sunday", "12", "1", "1"] in rows_of(viewer, "visits")


def test_no_name_becomes_a_formula_of_a_spreadsheet(viewer: Client, counted: Camera) -> None:
    assert ["'=Garden Pool", "2", "0", "0"] in rows_of(viewer, "cameras")


def test_filters_narrow_page_and_csv(viewer: Client, counted: Camera) -> None:
    page = text_of(viewer, f"/statistics/?{DAY}&camera={counted.pk}")
    assert "car: 1" in page and "person" not in page
    assert f"objects.csv?from=2026-05-17&amp;to=2026-05-17&amp;camera={counted.pk}" in page
    assert rows_of(viewer, "objects", f"{DAY}&camera={counted.pk}")[0] == ["hour", "car"]
    assert "Nothing was found" in text_of(viewer, "/statistics/?from=2026-05-01&to=2026-05-02")


def test_who_is_limited_gets_the_own_cameras_only(limited: Client, counted: Camera) -> None:
    page = text_of(limited, f"/statistics/?{DAY}")
    assert "car: 1" in page and "person" not in page and "Garden" not in page
    assert "free" not in page, "the disk is everybody's"
    for chart in CHARTS:
        assert "Garden" not in str(rows_of(limited, chart)) and "person" not in str(rows_of(limited, chart))
    other = Camera.objects.get(view="Pool")
    for address in ("/statistics/", "/statistics/objects.csv"):
        assert limited.get(f"{address}?camera={other.pk}").status_code == 404


def test_strangers_are_sent_to_the_login(client: Client, counted: Camera) -> None:
    assert client.get("/statistics/objects.csv").status_code == 302


@pytest.mark.parametrize("query", ["from=soon", "to=2026-02-30", "from=1066-10-14", "camera=0"])
def test_what_is_no_day_or_camera_is_not_found(viewer: Client, query: str) -> None:
    assert viewer.get(f"/statistics/?{query}").status_code == 404
    assert viewer.get(f"/statistics/objects.csv?{query}").status_code == 404


def test_a_chart_that_there_is_not(viewer: Client) -> None:
    assert viewer.get("/statistics/secrets.csv").status_code == 404


def test_an_empty_site_says_what_will_appear(viewer: Client) -> None:
    assert "about to be counted" in text_of(viewer, "/statistics/")
    catch_up()
    page = text_of(viewer, "/statistics/")
    assert "Nothing to count yet" in page and "about to be counted" not in page


def test_the_disk_lasts_as_long_as_it_does(viewer: Client, camera: Camera) -> None:
    for days in (1, 2, 40):
        make_image(camera, timezone.now() - timedelta(days=days), files=False)
    catch_up()
    assert re.search(r"free: the disk is full in", text_of(viewer, "/statistics/"))


def test_days_are_those_of_the_sites_clock(viewer: Client, camera: Camera) -> None:
    make_image(camera, datetime(2026, 5, 16, 22, 30, tzinfo=UTC), files=False)
    catch_up()
    assert rows_of(viewer, "pictures")[1][:2] == ["2026-05-17T00:00:00+02:00", "1"]


def test_the_days_on_which_the_clock_is_changed_have_23_and_25_hours(viewer: Client, camera: Camera) -> None:
    for minutes in (30, 90):
        make_image(camera, datetime(2026, 10, 25, 0, tzinfo=UTC) + timedelta(minutes=minutes), files=False)
    catch_up()
    _, *rows = rows_of(viewer, "pictures", "from=2026-10-25&to=2026-10-25")
    assert len(rows) == 25
    assert [row[:2] for row in rows[2:4]] == [["2026-10-25T02:00:00+02:00", "1"], ["2026-10-25T02:00:00+01:00", "1"]]
    assert "25 Oct 02:00 again" in text_of(viewer, "/statistics/?from=2026-10-25&to=2026-10-25")
    assert len(rows_of(viewer, "pictures", "from=2026-03-29&to=2026-03-29")) == 1 + 23


def test_where_the_clock_is_off_by_half_an_hour_an_hour_belongs_to_the_day_on_which_it_begins(
    viewer: Client, camera: Camera, settings: Settings
) -> None:
    settings.TIME_ZONE = "Asia/Kolkata"
    make_image(camera, datetime(2026, 5, 17, 18, 45, tzinfo=UTC), files=False)  # 00:15 of the 18th there
    catch_up()
    assert rows_of(viewer, "pictures")[-1][:2] == ["2026-05-17T23:30:00+05:30", "1"]
    assert "in which it begins" in text_of(viewer, "/statistics/")


def test_another_time_zone_has_all_days_summed_anew(viewer: Client, camera: Camera, settings: Settings) -> None:
    make_image(camera, datetime(2026, 5, 16, 22, 30, tzinfo=UTC), files=False)
    catch_up()
    settings.TIME_ZONE = "America/New_York"
    catch_up()
    rows = rows_of(viewer, "pictures", "from=2026-05-15&to=2026-05-17")
    assert [row[1] for row in rows] == ["pictures", "0", "1", "0"]


@pytest.mark.parametrize(
    ("days", "step", "slots"), [(2, "hour", 48), (62, "day", 62), (365, "week", 53), (800, "month", 27)]
)
def test_longer_periods_have_longer_steps(days: int, step: str, slots: int) -> None:
    period = Period(datetime(2026, 1, 1).date(), datetime(2026, 1, 1).date() + timedelta(days=days - 1))
    assert (period.step, len(period.slots)) == (step, slots)


@pytest.mark.parametrize(
    ("first", "steps"),
    [
        ("2026-01-01", {"2026-05-04": "1", "2026-05-11": "2"}),
        ("2025-01-01", {"2026-04-01": "1", "2026-05-01": "3"}),
        ("2012-01-01", {"2025-01-01": "1", "2026-01-01": "4"}),
    ],
)
def test_weeks_months_and_years_are_summed(viewer: Client, camera: Camera, first: str, steps: dict[str, str]) -> None:
    for day in ("2025-06-01", "2026-04-30", "2026-05-10", "2026-05-11", "2026-05-17"):
        make_image(camera, datetime.fromisoformat(f"{day}T12:00:00+02:00"), files=False)
    catch_up()
    rows = rows_of(viewer, "pictures", f"from={first}&to=2026-05-17")
    assert steps.items() <= {row[0]: row[1] for row in rows}.items()
    assert max(int(row[1]) for row in rows[1:]) == max(map(int, steps.values()))


@pytest.mark.parametrize("person", ["viewer", "limited"])
def test_it_needs_few_queries_and_reads_no_picture(
    request: pytest.FixtureRequest, person: str, counted: Camera, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client: Client = request.getfixturevalue(person)
    client.get("/statistics/")
    for query in (DAY, "from=2025-05-18&to=2026-05-17"):
        with django_assert_max_num_queries(10) as asked:
            client.get(f"/statistics/?{query}")
        large = re.compile("cameras_image|cameras_visit|detections_|plates_")
        assert not [one["sql"] for one in asked.captured_queries if large.search(one["sql"])]
