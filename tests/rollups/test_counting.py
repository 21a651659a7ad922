"""Catching up, counting anew, and the command for both."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from cameras.models import Camera, ChangedHour, Image
from plates.models import Plate, PlateList
from rollups import services
from rollups.columns import BUCKETS
from rollups.latency import percentile
from rollups.models import Ledger, ThingsHour, TrafficDay, TrafficHour
from tests.rollups.counted import catch_up, check
from tests.web.making import AT, add_object, make_camera, make_image

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("data_dir")]


@pytest.fixture
def camera() -> Camera:
    return make_camera("gate", "Front")


def pictures(camera: Camera, days: int) -> None:
    """One a day, written past everything that notes changes."""
    for number in range(days):
        add_object(make_image(camera, AT - timedelta(days=number), files=False))


def test_a_first_count_needs_no_notes(camera: Camera) -> None:
    pictures(camera, 5)
    check()
    assert TrafficDay.objects.count() == 5
    assert Ledger.objects.get().counted_from is None


def test_what_nobody_noted_is_found_by_counting_everything_anew(
    camera: Camera, caplog: pytest.LogCaptureFixture
) -> None:
    pictures(camera, 3)
    catch_up()
    Image.objects.filter(received_at=AT).delete()
    catch_up()
    assert TrafficHour.objects.count() == 3
    services.begin_anew()
    check()
    assert "a change was not noted" in caplog.text


def test_nothing_is_written_where_all_is_right(camera: Camera) -> None:
    pictures(camera, 2)
    catch_up()
    before = list(ThingsHour.objects.values_list("pk", flat=True))
    services.begin_anew()
    catch_up()
    assert list(ThingsHour.objects.values_list("pk", flat=True)) == before


def test_the_command_can_be_stopped_and_goes_on(camera: Camera, capsys: pytest.CaptureFixture[str]) -> None:
    pictures(camera, 6)
    real, left = services.count_day, [2]

    def stopped() -> bool:
        if not left[0]:
            raise KeyboardInterrupt
        left[0] -= 1
        return real()

    with patch.object(services, "count_day", stopped), pytest.raises(SystemExit):
        call_command("rollup", "--rebuild")
    assert TrafficDay.objects.count() == 2
    assert "run the same command again" in capsys.readouterr().out.lower()
    call_command("rollup", "--rebuild")
    out = capsys.readouterr().out
    assert "Going on where it was stopped" in out and "4 days" in out
    check()


def test_the_command_counts_from_a_day_on(camera: Camera, capsys: pytest.CaptureFixture[str]) -> None:
    pictures(camera, 6)
    catch_up()
    TrafficHour.objects.all().delete()
    call_command("rollup", "--rebuild", "--since", f"{timezone.localtime(AT) - timedelta(days=2):%Y-%m-%d}")
    assert TrafficHour.objects.count() == 3
    assert "3 days" in capsys.readouterr().out
    call_command("rollup", "--rebuild", "--anew")
    check()


@pytest.mark.parametrize("arguments", [["--since", "2026-05-01"], ["--anew"], ["--rebuild", "--since", "soon"]])
def test_the_command_names_what_it_cannot_do(arguments: list[str]) -> None:
    with pytest.raises(CommandError, match=r"--rebuild|soon"):
        call_command("rollup", *arguments)


def test_who_is_stopped_in_the_middle_keeps_the_notes(camera: Camera) -> None:
    catch_up()
    image = make_image(camera, files=False)
    ChangedHour.objects.create(camera_id=camera.pk, at=image.received_at.replace(minute=0, second=0, microsecond=0))
    with patch.object(services, "write_day", side_effect=KeyboardInterrupt), pytest.raises(KeyboardInterrupt):
        services.count()
    assert ChangedHour.objects.exists() and not TrafficHour.objects.exists()
    check()


def test_a_note_of_a_camera_that_is_gone_harms_nobody() -> None:
    ChangedHour.objects.create(camera_id=4711, at=AT.replace(minute=0, second=0, microsecond=0))
    check()
    assert not ChangedHour.objects.exists()


def test_a_plate_that_stays_on_its_list_is_not_counted_anew(camera: Camera) -> None:
    plate = Plate.objects.create(text="KV482BT", list=PlateList.KNOWN)
    plate.owner = "Ben"
    plate.save()
    assert not ChangedHour.objects.exists()


def buckets(**counts: int) -> list[Any]:
    return [counts.get(name, 0) for name in BUCKETS]


@pytest.mark.parametrize(
    ("counts", "share", "seconds"),
    [
        ({}, 0.5, None),
        ({"within_0": 10}, 0.5, 0.05),
        ({"within_3": 10, "within_4": 10}, 0.5, 1),
        ({"within_3": 10, "within_4": 10}, 0.75, 1.5),
        ({"within_11": 1}, 0.5, 1800),
    ],
)
def test_percentiles_lie_in_their_bucket(counts: dict[str, int], share: float, seconds: float | None) -> None:
    found = percentile(buckets(**counts), share)
    assert found == (pytest.approx(seconds) if seconds is not None else None)
