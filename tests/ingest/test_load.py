"""Pictures put off while too much waits: kept, shown, found by the sweep and by people, and looked at in the end."""

from __future__ import annotations

import pytest
import redis
from django.core.management import call_command
from django.test import Client
from pytest_django import Settings

import environment
from accounts.models import User
from cameras.models import Image, RunStatus
from detections.models import DetectionRun
from ingest import load, pipeline, reprocessing, services, state, sweep
from plates.models import RecognitionRun
from tests.factories import image_record, make_camera
from tests.web.conftest import PLAIN_STATIC

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def few(broker: redis.Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    """Four may wait."""
    monkeypatch.setenv("PUT_OFF_ABOVE", "4")
    environment.current.cache_clear()


def arrive(number: int) -> list[Image]:
    images = [services.register(image_record()) for _ in range(number)]
    return [image for image in images if image]


def put_off() -> list[int]:
    return sorted(DetectionRun.objects.filter(load.PUT_OFF).values_list("image_id", flat=True))


def test_above_the_limit_new_pictures_are_kept_and_put_off(broker: redis.Redis) -> None:
    images = arrive(7)
    assert (broker.llen("detect"), broker.llen("detect_later")) == (4, 0)
    assert put_off() == [image.pk for image in images[4:]]
    assert all(image.file.exists() and image.thumbnail.exists() for image in images)
    assert state.collect()["put_off"] == {"detection": 3, "recognition": 0}
    pipeline.start_new(images[6])  # its message comes twice
    assert broker.llen("detect_later") == 0


def test_the_sweep_takes_them_up_newest_first_once_there_is_room(broker: redis.Redis) -> None:
    images = arrive(7)
    assert sweep.restart_stale() == 0 and len(put_off()) == 3, "there is none yet"
    broker.ltrim("detect", 0, 2)
    assert sweep.take_up() == 0, "nor where half of it waits"
    broker.ltrim("detect", 0, 0)
    assert sweep.take_up() == 3
    assert (broker.llen("detect_later"), put_off()) == (3, [])
    assert sweep.take_up() == 0
    run = DetectionRun.objects.get(image=images[6])
    assert run.put_off_at and not run.put_off


def test_no_more_of_them_are_handed_over_than_the_broker_should_hold(
    broker: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    images = arrive(8)
    broker.delete("detect")
    monkeypatch.setattr(load, "MOST_TAKEN", 2)
    assert (sweep.take_up(), sweep.take_up()) == (2, 0)
    assert put_off() == [image.pk for image in images[4:6]], "the newest went first"
    broker.delete("detect_later")
    assert sweep.take_up() == 2 and not put_off()


def test_plates_are_put_off_likewise(broker: redis.Redis) -> None:
    for image in arrive(3):
        make_camera(plates="always")
        DetectionRun.objects.filter(image=image).update(status=RunStatus.EMPTY)
        broker.rpush("plates", *"abcd")
        image.camera.refresh_from_db()
        pipeline.start(image, after="detections.detect_objects")
    assert RecognitionRun.objects.filter(load.PUT_OFF).count() == 3
    broker.delete("plates")
    assert sweep.take_up() == 3 and broker.llen("plates_later") == 3


def test_a_person_may_have_them_looked_at_at_once(broker: redis.Redis) -> None:
    images = arrive(7)
    assert reprocessing.reprocess([images[4]]) == 1
    assert broker.llen("detect") == 5 and len(put_off()) == 2
    call_command("reprocess", "--put-off")
    assert broker.llen("detect_later") == 2 and not put_off()
    assert not call_command("reprocess", "--put-off", "--dry-run")


def test_the_page_of_a_picture_says_so(broker: redis.Redis, settings: Settings) -> None:
    settings.STORAGES = PLAIN_STATIC
    image = arrive(5)[4]
    client = Client()
    client.force_login(User.objects.create_user("ben"))
    page = client.get(f"/images/{image.pk}/").content.decode()
    assert "Put off" in page and "once there is room" in page
    assert "put off" in client.get("/").content.decode()


def test_nothing_is_put_off_where_nobody_wants_objects_or_no_limit_is_set(
    broker: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_camera(detect=False, plates="off")
    arrive(6)
    assert not put_off()
    monkeypatch.setenv("PUT_OFF_ABOVE", "0")
    environment.current.cache_clear()
    make_camera(detect=True)
    arrive(6)
    assert not put_off() and broker.llen("detect") == 6
