"""What goes, and when: by camera, by what was found, for room on the disk; and what does not go unasked."""

from __future__ import annotations

import shutil
from collections import namedtuple
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone

import environment
from cameras.models import Event, Image, Purge, RunStatus, Visit
from detections.models import DetectionRun
from ingest import refusals, retention
from ingest.doctor import work as doctor
from plates.models import Plate, PlateList, PlateReading
from tests.factories import make_camera, make_image

pytestmark = pytest.mark.django_db(transaction=True)
Usage = namedtuple("Usage", "total used free")
SIZE = 1000
Configure = Callable[..., None]


@pytest.fixture
def configure(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Configure:
    """Set variables of the environment."""

    def to(**values: str) -> None:
        for name, value in values.items():
            monkeypatch.setenv(f"RETENTION_{name.upper()}", value)
        environment.current.cache_clear()

    return to


def picture(days: float, view: str = "Front", *, keep: bool = False) -> Image:
    camera = make_camera(view=view)
    return make_image(camera, timezone.now() - timedelta(days=days), bytes=SIZE, keep=keep)


def listed(capsys: pytest.CaptureFixture[str]) -> list[str]:
    """The paths that a purge would remove."""
    call_command("purge", dry_run=True, list=True)
    return [line for line in capsys.readouterr().out.splitlines() if line.startswith("images/")]


def left() -> set[Image]:
    while retention.purge_slice():
        pass
    return set(Image.objects.all())


def test_a_camera_may_keep_its_pictures_longer_shorter_or_for_ever(configure: Configure) -> None:
    configure(days="30")
    old = {view: picture(40, view) for view in ("Site", "Longer", "Ever")}
    short = picture(10, "Shorter")
    for image, days in ((old["Longer"], 60), (old["Ever"], 0), (short, 7)):
        image.camera.retention_days = days
        image.camera.save()
    assert left() == {old["Longer"], old["Ever"]}


def test_pictures_in_which_nothing_was_found_go_sooner(configure: Configure) -> None:
    configure(days="30", empty_days="5")
    images = {status: picture(10) for status in (RunStatus.EMPTY, RunStatus.DONE, RunStatus.SKIPPED, RunStatus.QUEUED)}
    for status, image in images.items():
        DetectionRun.objects.update_or_create(image=image, defaults={"status": status, "queued_at": timezone.now()})
    assert left() == set(images.values()) - {images[RunStatus.EMPTY]}


def test_events_and_readings_have_ages_of_their_own(configure: Configure) -> None:
    configure(days="30", event_days="60", reading_days="10")
    node = picture(1).camera.node
    for days, number in ((70, None), (50, None), (20, 21.5), (5, 21.5)):
        at = timezone.now() - timedelta(days=days)
        Event.objects.create(message_id=f"{days:032x}", node=node, kind="x", number=number, text=str(days), at=at)
    left()
    assert set(Event.objects.values_list("text", flat=True)) == {"50", "5"}


def test_a_full_disk_takes_the_oldest_first_watched_plates_later_and_kept_ones_last(
    configure: Configure, capsys: pytest.CaptureFixture[str]
) -> None:
    kept, watched, old, young = picture(9, keep=True), picture(8), picture(7), picture(6)
    plate = Plate.objects.create(text="KV482BT", list=PlateList.WATCH)
    box = dict.fromkeys(("x1", "y1", "x2", "y2"), 0)
    PlateReading.objects.create(
        image=watched, plate=plate, text="KV482BT", confidence=1, reader="x", at=watched.received_at, **box
    )
    configure(most=str(2 * SIZE))
    assert listed(capsys) == [old.path, young.path], "seen before"
    for most, expected in ((3, {kept, watched, young}), (2, {kept, watched}), (1, {kept}), (0.5, set())):
        retention.BATCH, before = 1, retention.BATCH
        try:
            configure(most=str(int(most * SIZE)))
            assert left() == expected, most
        finally:
            retention.BATCH = before
    assert not old.file.exists() and not kept.file.exists()


def test_room_is_made_until_enough_is_free(configure: Configure, monkeypatch: pytest.MonkeyPatch) -> None:
    configure(free="10KB")
    images = [picture(9 - number) for number in range(4)]
    monkeypatch.setattr(retention, "BATCH", 1)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**6, 0, 10_000 - 1500 + gone() * SIZE))

    def gone() -> int:
        return 4 - Image.objects.count()

    assert left() == set(images[2:])


def test_more_than_a_share_of_all_is_not_removed_unasked(
    configure: Configure, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(refusals, "SMALL", 2)
    monkeypatch.setenv("COLUMNS", "200")
    configure(days="30", share="0.5")
    images = [picture(40) for _ in range(4)] + [picture(1)]
    assert left() == set(images), "the clock may be wrong"
    retention.purge_slice()
    refusal = Purge.objects.get()
    assert refusal.refused and "4 pictures are too old, more than may go at once (50% of all)" in refusal.text
    call_command("purge", dry_run=True, list=True)
    told = capsys.readouterr().out
    assert images[0].path in told and "older than 30 days" in told and Image.objects.count() == 5
    call_command("purge", yes=True)
    assert left() == {images[4]}
    assert "4 pictures and 0 events were removed" in capsys.readouterr().out
    assert Purge.objects.get(refused=False).bytes == 4 * SIZE


def test_a_refusal_holds_back_events_too_and_stands_until_it_is_over(
    configure: Configure, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refusals, "SMALL", 2)
    configure(days="30", share="0.5")
    node = picture(1).camera.node
    for number in range(4):
        at = timezone.now() - timedelta(days=40)
        Event.objects.create(message_id=f"{number:032x}", node=node, kind="x", text="x", at=at)
    for _ in range(2):
        assert not retention.purge_slice() and Event.objects.filter(kind="x").count() == 4
    said = "4 events and readings are too old, more than may go at once"
    assert said in next(doctor.retention()).text
    configure(days="60")
    retention.purge_slice()
    assert [finding.state for finding in doctor.retention()] == ["ok"]
    assert Purge.objects.get().over_at, "it stays in the list"
    told = Event.objects.filter(node__name="librarian").order_by("pk").values_list("kind", flat=True)
    assert list(told) == ["retention refused", "retention goes on"]


def test_a_camera_whose_pictures_stay_for_ever_does_not_keep_the_visits_of_others(configure: Configure) -> None:
    configure(days="30")
    ever, front = make_camera(view="Ever", retention_days=0), make_camera(view="Front")
    at = timezone.now() - timedelta(days=40)
    for camera in (ever, front):
        Visit.objects.create(camera=camera, started_at=at, ended_at=at)
    left()
    assert Visit.objects.get().camera == ever
