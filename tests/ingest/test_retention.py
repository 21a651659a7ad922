"""Old pictures go, with their files and rows, and never come back."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import redis
from django.utils import timezone

import environment
from cameras.models import Event, Image, Tombstone, Visit
from ingest import removing, retention, services
from plates.models import Plate, PlateReading, Sighting
from tests.factories import event_record, image_record, make_image

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def thirty_days(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RETENTION_DAYS", "30")
    environment.current.cache_clear()


def old_image(**facts: Any) -> Image:
    return make_image(received_at=timezone.now() - timedelta(days=31), **facts)


def test_it_removes_nothing_unless_asked(data_dir: Path) -> None:
    image = old_image()
    assert not retention.purge_slice()
    assert image.file.exists()
    assert Image.objects.count() == 1


def test_it_removes_old_pictures_with_their_files(thirty_days: None) -> None:
    image, young = old_image(), make_image()
    retention.purge_slice()
    assert list(Image.objects.all()) == [young]
    assert not image.file.exists()
    assert Tombstone.objects.get().message_id == image.message_id


def test_the_copies_of_a_picture_go_with_it(data_dir: Path) -> None:
    image, other = make_image(), make_image()
    for copy in (image.thumbnail, image.preview, other.preview):
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(b"small")
    removing.delete_images([image.pk])
    assert not image.file.exists() and not image.thumbnail.exists() and not image.preview.exists()
    assert other.preview.exists()


def test_plates_that_nothing_else_is_known_of_go_with_their_last_picture(thirty_days: None) -> None:
    old, young = old_image(), make_image()
    now = timezone.now()
    visit = Visit.objects.create(camera=old.camera, started_at=now, ended_at=now)
    for text, images in {"BARE": [old, old], "READ": [old, young], "SEEN": [old], "KNOWN": [old]}.items():
        plate = Plate.objects.create(text=text, vehicle_type="van" if text == "KNOWN" else "")
        for image in images:
            facts: dict[str, Any] = {"raw_text": text, "confidence": 0.5, "x1": 1, "y1": 2, "x2": 3, "y2": 4}
            PlateReading.objects.create(image=image, plate=plate, text=text, at=image.received_at, **facts)
    Sighting.objects.create(visit=visit, plate=Plate.objects.get(text="SEEN"), text="SEEN", at=now)
    retention.purge_slice()
    assert set(Plate.objects.values_list("text", flat=True)) == {"READ", "SEEN", "KNOWN"}
    assert PlateReading.objects.get().image == young


def test_it_respects_what_is_kept(thirty_days: None) -> None:
    image = old_image(keep=True)
    retention.purge_slice()
    assert Image.objects.get() == image
    assert image.file.exists()


def test_it_removes_old_events(thirty_days: None) -> None:
    services.record_event(event_record())
    Event.objects.update(at=timezone.now() - timedelta(days=31))
    retention.purge_slice()
    assert not Event.objects.exists()
    assert Tombstone.objects.count() == 1


def test_a_file_that_cannot_be_removed_holds_nothing_up_and_never_comes_back(
    thirty_days: None, caplog: pytest.LogCaptureFixture
) -> None:
    stuck, other = old_image(), old_image()
    stuck.file.unlink()
    stuck.file.mkdir()  # a folder cannot be unlinked
    retention.purge_slice()
    assert not Image.objects.exists()
    assert not other.file.exists()
    assert "cannot be removed" in caplog.text
    Tombstone.objects.update(purged_at=timezone.now() - timedelta(days=31))
    retention.purge_slice()
    assert Tombstone.objects.get().message_id == stuck.message_id, "kept while the file is there"


def test_it_removes_files_where_the_folder_of_images_is_on_another_disk(
    thirty_days: None, data_dir: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    (data_dir / "images").rmdir()
    (data_dir / "images").symlink_to(tmp_path_factory.mktemp("disk"))
    image = old_image()
    retention.purge_slice()
    assert not image.file.exists()


def test_what_is_purged_stays_away(thirty_days: None, broker: redis.Redis) -> None:
    record = image_record()
    record["received_at"] = (timezone.now() - timedelta(days=31)).isoformat()
    services.register(record)
    retention.purge_slice()
    assert services.register(record) is None


def test_it_never_follows_a_link_out_of_the_data_folder(
    thirty_days: None, data_dir: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside")
    (outside / "mine.jpg").write_bytes(b"precious")
    (data_dir / "images" / "2020-01-01").symlink_to(outside)
    old_image(path="images/2020-01-01/mine.jpg")
    retention.purge_slice()
    assert (outside / "mine.jpg").exists()
