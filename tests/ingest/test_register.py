"""From a record of the outbox to a row of the index."""

from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest
import redis
import simplejpeg

from cameras.models import Camera, Event, Image, Node, RunStatus, Tombstone
from cameras.services import reading
from ingest import queues, services
from tests.factories import event_record, image_record, make_image, write_picture
from tests.harness import DRIVES

pytestmark = pytest.mark.django_db(transaction=True)


def test_it_indexes_a_picture_and_hands_it_to_the_stages(broker: redis.Redis) -> None:
    image = services.register(image_record())
    assert image
    assert (image.width, image.height, image.problem) == (1280, 960, "")
    assert str(image.camera) == "gate Driveway"
    assert image.detection_run.status == image.recognition_run.status == RunStatus.QUEUED
    assert image.thumbnail.read_bytes()[:3] == b"\xff\xd8\xff"
    assert queues.depths()["detect"] == 1


def test_it_makes_unknown_nodes_and_cameras_with_sensible_settings(broker: redis.Redis) -> None:
    services.register(image_record(node="barn", view=""))
    camera = Camera.objects.get(node__name="barn")
    assert camera.detect
    assert camera.plates == "vehicles"


def test_it_indexes_the_same_message_once(broker: redis.Redis) -> None:
    record = image_record()
    first, second = services.register(record), services.register(record)
    assert first == second
    assert Image.objects.count() == 1


def test_a_message_that_comes_twice_does_not_double_the_work(broker: redis.Redis) -> None:
    record = image_record()
    services.register(record)
    services.register(record)
    assert queues.depths()["detect"] == 1


def test_it_starts_what_a_crash_kept_from_being_started(broker: redis.Redis) -> None:
    record = image_record()
    with patch("ingest.pipeline.start", side_effect=KeyboardInterrupt), pytest.raises(KeyboardInterrupt):
        services.register(record)
    assert queues.depths()["detect"] == 0
    services.register(record)
    assert queues.depths()["detect"] == 1


def test_a_file_that_the_sweep_indexed_first_becomes_the_messages(broker: redis.Redis) -> None:
    first, second = image_record(), image_record()
    second["path"] = first["path"]
    services.register(first)
    services.register(second)
    assert str(Image.objects.get().message_id) == second["id"]


@pytest.mark.parametrize(("width", "height"), [(40000, 200), (200, 40000), (1, 1)])
def test_it_indexes_a_picture_of_any_shape(broker: redis.Redis, width: int, height: int) -> None:
    jpeg = simplejpeg.encode_jpeg(np.zeros((height, width, 3), np.uint8))
    image = services.register(image_record(write_picture(data=jpeg)))
    assert image
    assert (image.width, image.height) == (width, height)
    assert image.thumbnail.exists()


def test_it_refuses_to_decode_a_jpeg_of_thousands_of_scans(broker: redis.Redis) -> None:
    jpeg = DRIVES[0].read_bytes() + b"\xff\xda" * 1000
    image = services.register(image_record(write_picture(data=jpeg)))
    assert image
    assert "scans" in image.problem


def test_a_thumbnail_that_cannot_be_made_keeps_nothing_else_back(broker: redis.Redis) -> None:
    with patch("ingest.services.write_thumbnail", side_effect=OSError("disk full")):
        image = services.register(image_record())
    assert image
    image.refresh_from_db()
    assert image.problem == "disk full"
    assert queues.depths()["detect"] == 1


def test_it_leaves_alone_what_has_passed_all_stages(broker: redis.Redis) -> None:
    record = image_record()
    image = services.register(record)
    assert image
    for run in (image.detection_run, image.recognition_run):
        run.status = RunStatus.EMPTY
        run.save()
    broker.flushall()
    services.register(record)
    assert queues.depths()["detect"] == 0


def test_it_keeps_a_picture_that_cannot_be_decoded_and_says_why(broker: redis.Redis) -> None:
    image = services.register(image_record(write_picture(data=b"\xff\xd8 not a picture")))
    assert image
    assert image.problem
    assert not image.thumbnail.exists()


def test_it_does_not_index_what_was_purged(broker: redis.Redis) -> None:
    record = image_record()
    Tombstone.objects.create(message_id=record["id"], path=record["path"])
    assert services.register(record) is None
    assert not Image.objects.exists()


def test_it_names_a_missing_file_instead_of_trying_for_ever(broker: redis.Redis, data_dir: Path) -> None:
    record = image_record()
    (data_dir / record["path"]).unlink()
    image = services.register(record)
    assert image
    assert "No such file" in image.problem


def test_it_tries_again_where_the_whole_folder_is_missing(broker: redis.Redis, data_dir: Path) -> None:
    record = image_record()
    (data_dir / "images").rename(data_dir / "unmounted")
    with pytest.raises(FileNotFoundError):
        services.register(record)
    assert not Image.objects.exists()
    (data_dir / "unmounted").rename(data_dir / "images")
    assert services.register(record)


def test_it_records_an_event_of_a_camera_once(data_dir: Path) -> None:
    record = event_record("gate Driveway|motion|moving|porch")
    services.record_event(record)
    services.record_event(record)
    event = Event.objects.get()
    assert (event.kind, event.value, event.roi, str(event.camera)) == ("motion", "moving", "porch", "gate Driveway")


def test_it_takes_a_sensor_reading_apart(data_dir: Path) -> None:
    services.record_event(event_record("shed|Temp|21.5 C"))
    event = Event.objects.get()
    assert (event.number, event.unit, event.value, event.camera) == (21.5, "C", "21.5 C", None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("76 F", (76, "F")), ("-3.5 C", (-3.5, "C")), ("48.4 %", (48.4, "%")), ("7", (7, "")), ("open", (None, ""))],
)
def test_it_tells_numbers_from_words(text: str, expected: tuple[float | None, str]) -> None:
    assert reading(text) == expected


def test_it_keeps_what_a_node_says_when_it_starts(data_dir: Path) -> None:
    record = event_record("gate|Restart|gatepi|Linux 6.12|192.168.1.20|3796|0.1")
    services.record_event(record)
    services.record_event(record)
    node = Node.objects.get()
    assert (node.hostname, node.system, node.ip, node.ram, node.restarts) == (
        ("gatepi", "Linux 6.12", "192.168.1.20", "3796", 1)
    )


@pytest.mark.parametrize(("said", "hours"), [("0.5", 0.5), ("1e9", None), ("-1", None), ("nan", None), ("", None)])
def test_a_restart_tells_when_the_computer_was_switched_on(data_dir: Path, said: str, hours: float | None) -> None:
    services.record_event(event_record(f"gate|Restart|gatepi|Linux|192.168.1.20|3796|{said}"))
    node = Node.objects.get(name="gate")
    assert node.last_restart_at
    assert node.booted_at == (None if hours is None else node.last_restart_at - timedelta(hours=hours))


def test_a_restart_that_comes_late_does_not_overwrite_a_newer_one(data_dir: Path) -> None:
    late, newer = event_record("gate|Restart|old|Linux"), event_record("gate|Restart|new|Linux")
    services.record_event(newer)
    services.record_event(late)
    node = Node.objects.get()
    assert (node.hostname, node.restarts) == ("new", 2)


def test_it_knows_nothing_about_an_image_that_is_gone(broker: redis.Redis) -> None:
    from detections.tasks import detect_objects
    from plates.tasks import read_plates

    image = make_image()
    image.delete()
    detect_objects(999)
    read_plates(999)
