"""The service among the stages: what is planned, handed over, and looked at anew."""

from __future__ import annotations

import pytest
import redis

from cameras.models import Image, PlateSource, RunStatus
from cameras.runs import finish, give_up
from cloud.models import CloudRun
from ingest import pipeline, queues, reprocessing, sweep
from ingest.workers import unserved
from librarian_project.schedule import CLOUD
from plates.models import PlateReading
from tests.cloud.conftest import Ready, SetMore
from tests.factories import make_camera, make_image

pytestmark = pytest.mark.django_db(transaction=True)
STAGE = next(stage for stage in pipeline.STAGES if stage.paid)


@pytest.fixture(autouse=True)
def with_broker(broker: redis.Redis, env: SetMore) -> None:
    """What is handed over goes to a real broker."""
    env()


def status(image: Image) -> str:
    return CloudRun.objects.get(image=image).status


def test_pictures_of_other_cameras_cost_no_message_and_have_their_reason_at_once(broker: redis.Redis) -> None:
    image = make_image(make_camera())
    run = CloudRun.objects.get(image=image)
    assert (run.status, run.reason) == (RunStatus.SKIPPED, "plates of this camera are read by this computer alone")


def test_a_picture_waits_for_the_schedule_which_hands_it_over_once(broker: redis.Redis, ready: Ready) -> None:
    image = ready()
    pipeline.start(image, after="plates.read_plates")
    assert broker.llen("cloud") == 0
    assert sweep.hand_over_due() == 1
    assert sweep.hand_over_due() == 0
    assert sweep.restart_stale() == 0
    assert broker.llen("cloud") == 1
    broker.delete("cloud")  # as if it were lost
    CloudRun.objects.filter(image=image).update(queued_at=pipeline.NEVER)
    assert sweep.restart_stale() == 1


def test_no_more_wait_in_the_queue_than_are_soon_sent(broker: redis.Redis, ready: Ready) -> None:
    for _ in range(sweep.MOST_WAITING + 5):
        ready()
    sweep.hand_over_due()
    sweep.hand_over_due()
    assert broker.llen("cloud") == sweep.MOST_WAITING


def test_a_camera_that_is_set_back_has_its_waiting_pictures_left_out(broker: redis.Redis, ready: Ready) -> None:
    image = ready()
    image.camera.plate_source = PlateSource.LOCAL
    image.camera.save()
    assert sweep.hand_over_due() == 0
    assert status(image) == RunStatus.SKIPPED


def test_looking_anew_does_not_spend_money_unless_it_is_asked_to(ready: Ready) -> None:
    image = ready()
    facts = {"image": image, "confidence": 0.9, "x1": 0, "y1": 0, "x2": 9, "y2": 9, "at": image.received_at}
    PlateReading.objects.create(**facts, text="PAID1", raw_text="PAID1", reader="platerecognizer")
    PlateReading.objects.create(**facts, text="HERE1", raw_text="HERE1", reader="rapidocr")
    finish(CloudRun.objects.get(image=image), RunStatus.DONE)
    reprocessing.reprocess([image])
    assert status(image) == RunStatus.DONE
    assert [one.text for one in PlateReading.objects.all()] == ["PAID1"]
    PlateReading.objects.create(**facts, text="HERE1", raw_text="HERE1", reader="rapidocr")
    reprocessing.reprocess([image], STAGE, later=True)
    assert status(image) == RunStatus.QUEUED
    assert [one.text for one in PlateReading.objects.all()] == ["HERE1"]


def test_what_failed_there_can_be_tried_again(ready: Ready) -> None:
    image = ready()
    give_up(CloudRun.objects.get(image=image), "it answered 500")
    assert list(reprocessing.failed(Image.objects.all())) == [image]
    reprocessing.retry_failed([image])
    assert status(image) == RunStatus.QUEUED


def test_its_queue_has_to_be_served_only_where_it_is_set_up(env: SetMore) -> None:
    assert "cloud" in unserved()
    env(url="https://api.platerecognizer.com", token="")
    assert "cloud" not in unserved()


def test_images_without_a_row_are_planned_as_new_ones_are(ready: Ready) -> None:
    images = [ready(), make_image(make_camera(view="other"))]
    CloudRun.objects.all().delete()
    sweep.plan_unplanned()
    assert [status(image) for image in images] == [RunStatus.QUEUED, RunStatus.SKIPPED]


def test_the_schedule_names_what_is_there() -> None:
    assert {entry["task"] for entry in CLOUD.values()} == {"ingest.hand_over_due", "cloud.ask_usage"}
    assert STAGE.queue in queues.NAMES
