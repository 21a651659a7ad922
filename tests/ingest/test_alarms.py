"""People are told once that something begins, and once that it is over."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
import redis
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from cameras.models import Event, Image, RunStatus
from detections.models import DetectionRun
from ingest import alarms, behind, filling
from ingest.samples import Sample, Verdict
from plates.models import RecognitionRun
from tests.factories import make_image
from tests.web.conftest import PLAIN_STATIC

pytestmark = pytest.mark.django_db(transaction=True)
GIB = 2**30


class Usage(NamedTuple):
    """As `shutil.disk_usage`."""

    total: int
    used: int
    free: int


@pytest.fixture(autouse=True)
def own(broker: redis.Redis, data_dir: Path) -> None:
    """A folder and a broker of this test's own."""


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Callable[[float, float], None]:
    """Let some hours pass and so many GiB be free then, and look."""
    clock = {"now": 1_800_000_000.0}
    monkeypatch.setattr(time, "time", lambda: clock["now"])

    def look(hours: float, free: float) -> None:
        clock["now"] += hours * 3600
        monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(100 * GIB, 0, int(free * GIB)))
        alarms.update()

    return look


def kinds() -> list[str]:
    return list(Event.objects.order_by("pk").values_list("kind", flat=True))


def waits(image: Image, minutes: float) -> None:
    Image.objects.filter(pk=image.pk).update(registered_at=timezone.now() - timedelta(minutes=minutes))


def test_a_pipeline_that_falls_behind_and_catches_up_makes_two_events() -> None:
    image = make_image()
    for minutes in (1, 9, 11, 12, 9, 3):
        waits(image, minutes)
        alarms.update()
    assert kinds() == ["behind"], "it comes and goes no more than it has to"
    event = Event.objects.get()
    assert (str(event.node), event.value) == ("librarian", "the oldest picture has waited for 11 min, 2 looks are due")
    for runs in (DetectionRun, RecognitionRun):
        runs.objects.update(status=RunStatus.EMPTY)
    for _ in range(3):
        alarms.update()
    assert kinds() == ["behind", "caught up"]


def test_what_people_have_looked_at_anew_is_no_backlog_but_what_was_put_off_is() -> None:
    image = make_image()
    waits(image, 60)
    for runs in (DetectionRun, RecognitionRun):
        runs.objects.update(later=True)
    alarms.update()
    assert kinds() == []
    DetectionRun.objects.update(put_off_at=timezone.now())
    alarms.update()
    assert kinds() == ["behind"]


def counted(*numbers: int) -> list[Sample]:
    return [(60.0 * minute, float(number)) for minute, number in enumerate(numbers)]


def test_a_queue_that_only_grows_is_noticed_before_pictures_wait_for_long() -> None:
    assert behind.grows(counted(*range(0, 3100, 100)))
    assert not behind.grows(counted(*range(0, 1500, 100))), "not for long enough"
    assert not behind.grows(counted(*range(31))), "not by much"
    assert not behind.grows(counted(*([900] * 10 + [100] * 10 + [3000] * 11))), "it was emptied in between"


def test_a_disk_that_fills_faster_than_it_is_freed_makes_two_events(disk: Callable[[float, float], None]) -> None:
    for hour in range(5):
        disk(1, 60 - 2 * hour)  # 30 hours are left
    assert kinds() == ["disk filling"]
    assert "full in about" in Event.objects.get().value
    for _ in range(8):
        disk(1, 52)  # retention keeps it there
    assert kinds() == ["disk filling", "disk relieved"]


def test_the_turns_of_retention_are_no_alarm(disk: Callable[[float, float], None]) -> None:
    for _ in range(6):
        for minute in range(6):
            disk(1 / 6, 60 - minute)
        disk(0, 60)
    assert kinds() == []


def test_a_disk_that_is_full_within_the_hour_is_said_at_once(disk: Callable[[float, float], None]) -> None:
    for quarter in range(3):
        disk(0.25, 40 - 12 * quarter)
    assert kinds() == ["disk filling"]


def test_a_disk_without_room_is_said_however_slowly_it_fills() -> None:
    assert filling.lasts([(0.0, 0.9 * GIB)], False, None, 3600)
    assert filling.lasts([(0.0, 1.5 * GIB)], True, None, 3600)
    assert not filling.lasts([(0.0, 1.5 * GIB)], False, None, 3600)


def test_an_event_is_written_even_if_the_process_was_killed_in_between(monkeypatch: pytest.MonkeyPatch) -> None:
    waits(make_image(), 60)
    with monkeypatch.context() as killed:
        killed.setattr(alarms, "tell", lambda *_: (_ for _ in ()).throw(SystemExit))
        with pytest.raises(SystemExit):
            alarms.update()
    assert kinds() == []
    alarms.update()
    assert kinds() == ["behind"]


def test_staff_see_it_on_every_page_and_others_do_not(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    settings.STORAGES = PLAIN_STATIC
    monkeypatch.setitem(alarms.JUDGES, "disk", lambda *_: Verdict(True, "1 GB free, full in about 3.0 h as it goes"))
    alarms.update()
    for name, staff in (("anna", True), ("ben", False)):
        client = Client()
        client.force_login(User.objects.create_user(name, is_staff=staff))
        for address in ("/", "/gallery/", "/events/"):
            page = client.get(address).content.decode()
            assert ("full in about 3.0 h" in page) == (staff or address == "/events/"), (name, address)


def test_a_damaged_file_begins_anew(data_dir: Path) -> None:
    (data_dir / "run" / "alarms.json").write_text("[")
    alarms.update()
    assert alarms.standing() == []
