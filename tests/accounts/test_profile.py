"""Time zone, colours and density: kept with the person."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.models import User
from tests.web.making import make_camera, make_image

WINTER, SUMMER = (datetime(2026, month, 17, 23, 30, tzinfo=UTC) for month in (1, 7))
CHOSEN = {"time_zone": "America/New_York", "theme": "dark", "density": "compact"}


def times(client: Client, address: str) -> set[str]:
    """The times of day on a page."""
    page = client.get(address)
    assert page.status_code == 200
    return set(re.findall(r"\b\d\d:\d\d:\d\d\b", re.sub(r"<[^>]*>", " ", page.content.decode())))


def test_a_profile_is_kept_and_shown_in_another_browser(dora: User, sign_in: Callable[..., Client]) -> None:
    response = sign_in().post("/account/profile/", CHOSEN, follow=True)
    assert response.redirect_chain == [("/account/", 302)] and "Saved." in response.content.decode()
    page = sign_in().get("/account/").content.decode()
    assert '<html lang="en-GB" data-theme="dark" data-density="compact">' in page
    assert '<option value="America/New_York" selected>New York</option>' in page
    assert 'href="/account/password/"' in page


def test_the_cameras_of_a_person_take_one_query(
    dora: User, sign_in: Callable[..., Client], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    dora.only_chosen_cameras = True
    dora.save()
    dora.chosen_cameras.set([make_camera(f"Node{number}", "Front") for number in range(9)])
    client = sign_in()
    client.get("/account/")
    with django_assert_max_num_queries(8):
        assert "<bdi>Node8 Front</bdi>" in client.get("/account/").content.decode()


def test_times_are_told_by_the_persons_clock_in_winter_and_in_summer(
    dora: User, sign_in: Callable[..., Client], settings: Settings
) -> None:
    settings.TIME_ZONE = "Europe/Berlin"
    for at in (WINTER, SUMMER):
        make_image(make_camera("gate", f"{at:%B}"), at, files=False)
    client = sign_in()
    assert {"00:30:00", "01:30:00"} <= times(client, "/gallery/")
    User.objects.update(time_zone="America/New_York")
    assert {"18:30:00", "19:30:00"} <= times(client, "/gallery/")
    # 23:30 UTC in July is the 18th in Berlin and the 17th in New York.
    assert "19:30:00" in times(client, "/gallery/?from=2026-07-17T00:00&to=2026-07-17T23:59")
    assert timezone.get_current_timezone_name() == "Europe/Berlin", "nothing is left for whoever asks next"


def test_statistics_keep_the_sites_days(dora: User, sign_in: Callable[..., Client], settings: Settings) -> None:
    settings.TIME_ZONE = "Pacific/Kiritimati"
    User.objects.update(time_zone="Pacific/Pago_Pago")
    today = datetime.now(UTC).astimezone(timezone.get_default_timezone()).date()
    assert sign_in().get("/statistics/").context["period"].last == today


@pytest.mark.parametrize(
    ("field", "value"), [("time_zone", "Mars/Olympus"), ("theme", "pink"), ("density", ""), ("time_zone", "../passwd")]
)
def test_what_cannot_be_kept_is_said_and_changes_nothing(
    dora: User, sign_in: Callable[..., Client], field: str, value: str
) -> None:
    response = sign_in().post("/account/profile/", CHOSEN | {field: value})
    page = response.content.decode()
    assert response.status_code == 200 and 'class="field-problem"' in page and '<html lang="en-GB">' in page
    dora.refresh_from_db()
    assert (dora.time_zone, dora.theme, dora.density) == ("", "auto", "comfortable")


def test_a_zone_that_the_system_does_not_know_is_told_and_the_sites_is_used(
    dora: User, sign_in: Callable[..., Client], caplog: pytest.LogCaptureFixture
) -> None:
    User.objects.update(time_zone="Europe/Atlantis")
    assert sign_in().get("/account/").status_code == 200
    assert "'Europe/Atlantis', which this system does not know" in caplog.text


def test_the_admin_sets_a_profile_too_and_refuses_a_zone_that_is_none(
    dora: User, sign_in: Callable[..., Client]
) -> None:
    User.objects.update(is_staff=True, is_superuser=True)
    client, address = sign_in(), f"/admin/accounts/user/{dora.pk}/change/"
    form = {"username": "dora", "is_active": "on", "is_staff": "on", **CHOSEN}
    assert "Mars is no time zone" in client.post(address, form | {"time_zone": "Mars"}).content.decode().replace(
        "”", ""
    ).replace("“", "")
    assert client.post(address, form).status_code == 302
    dora.refresh_from_db()
    assert dora.time_zone == "America/New_York"
    assert 'data-theme="dark" data-density="compact"' in client.get(address).content.decode()
