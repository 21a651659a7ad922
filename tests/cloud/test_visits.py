"""What is sent of a visit, and what each picture's run says of why it was not."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from unittest.mock import patch

import pytest
from django.utils import timezone

from cameras.models import Camera, Image, PlateMode, PlateSource, RunStatus, Visit
from cameras.runs import finish
from cameras.visits import join_left_out
from cloud import budget, pace
from cloud.asking import run_cloud
from cloud.models import CloudCall, CloudRun
from cloud.visits import due_images
from detections.models import Detection
from ingest import pipeline
from plates.models import PlateReading, Sighting, SightingStatus
from plates.sightings import merge_sightings
from tests.cloud.conftest import SetMore
from tests.factories import make_camera, make_image
from tests.plate_service import Service, plates, result, says


class Killed(BaseException):
    """The worker ends at this point: the mark of the call stands, and nothing else is written."""


pytestmark = pytest.mark.django_db(transaction=True)
AGO = timedelta(minutes=10)


@pytest.fixture
def both(db: None, env: SetMore) -> Camera:
    """A camera whose doubtful plates go to the service."""
    budget.asked()
    return make_camera(plates=PlateMode.VEHICLES, plate_source=PlateSource.LOCAL_THEN_CLOUD)


def passing(camera: Camera, count: int, confidence: float = 0, began: timedelta = AGO) -> list[Image]:
    """The pictures of a visit that were looked at here: a car that comes nearer, its plate read on each if at all."""
    images = []
    for number in range(count):
        image = make_image(camera, received_at=timezone.now() - began + timedelta(seconds=number))
        join_left_out(10)
        images.append(image)
        x2 = 300 + 50 * number
        box = {"x1": 200, "y1": 500, "x2": x2 + 50, "y2": 800}
        Detection.objects.create(image=image, label="car", confidence=0.9, **box)
        if confidence:
            plate = {"x1": x2 - 90, "y1": 600, "x2": x2, "y2": 620 + number}
            facts = {"text": "KV482BT", "raw_text": "KV482BT", "confidence": confidence, "reader": "rapidocr"}
            PlateReading.objects.create(image=image, at=image.received_at, **plate, **facts)
        finish(image.detection_run, RunStatus.DONE)
        finish(image.recognition_run, RunStatus.DONE if confidence else RunStatus.EMPTY)
        pipeline.start(image, after="plates.read_plates")
    merge_sightings(Visit.objects.get(images=images[0]).pk)
    return images


def go_on() -> list[int]:
    """Hand over what is due, as the schedule does, until nothing is any more; the images in their order."""
    handed = []
    while due := due_images(soon(), 20):
        for image in due:
            handed.append(image.pk)
            run_cloud(image.pk)
        CloudRun.objects.update(begun_at=None)
    return handed


def soon() -> datetime:
    return timezone.now() + timedelta(seconds=1)


def sent(service: Service) -> list[int]:
    return [int(one.filename.removesuffix(".jpg")) for one in service.pictures]


def said(images: list[Image]) -> list[tuple[str, str]]:
    rows = CloudRun.objects.filter(image__in=images).order_by("image_id")
    return [(run.status, run.reason) for run in rows]


def test_the_best_picture_goes_first_and_a_sure_answer_ends_it(service: Service, both: Camera) -> None:
    box = {"xmin": 362, "ymin": 601, "xmax": 449, "ymax": 623}
    service.answers = [plates(result("kv482bt", 0.97, box=box))]
    images = passing(both, 4, confidence=0.4)
    go_on()
    assert sent(service) == [images[3].pk], "the one with the tallest plate"
    assert said(images)[3] == (RunStatus.DONE, "")
    sighting = Sighting.objects.get()
    assert (sighting.text, sighting.status) == ("KV482BT", SightingStatus.NEW)
    assert {reason.split(":")[0] for _, reason in said(images)[:3]} == {"the visit has a sure reading already"}


def test_what_needs_not_be_sent_is_told_as_soon_as_the_answer_is_there(service: Service, both: Camera) -> None:
    images = passing(both, 3, confidence=0.4)
    box = {"xmin": 312, "ymin": 601, "xmax": 399, "ymax": 623}
    service.answers = [plates(result("kv482bt", 0.97, box=box))]
    CloudRun.objects.filter(image=images[0]).update(queued_at=timezone.now())
    run_cloud(images[0].pk)
    assert [status for status, _ in said(images)] == [RunStatus.SKIPPED, RunStatus.SKIPPED, RunStatus.DONE]


def test_an_image_whose_turn_another_had_can_be_handed_over_again_at_once(service: Service, both: Camera) -> None:
    service.answers = [plates()]
    images = passing(both, 3)
    CloudRun.objects.filter(image=images[0]).update(queued_at=timezone.now())
    run_cloud(images[0].pk)
    assert [image.pk in {images[0].pk, images[1].pk} for image in due_images(pace.NEVER + AGO, 9)] == [True]


def test_no_more_than_so_many_go_though_none_tells_enough(service: Service, both: Camera) -> None:
    service.answers = [plates()]
    images = passing(both, 5)
    go_on()
    assert len(sent(service)) == 2
    assert sent(service)[0] == images[4].pk, "the largest car"
    limit = "2 of the visit's pictures were sent, the most that may be (PLATE_RECOGNIZER_PER_VISIT)"
    assert [reason for _, reason in said(images)].count(limit) == 3


def test_what_is_read_surely_here_is_not_sent(service: Service, both: Camera) -> None:
    images = passing(both, 3, confidence=0.97)
    go_on()
    assert not service.asked
    assert all(one[0] == RunStatus.SKIPPED and "sure reading" in one[1] for one in said(images))


def test_a_late_picture_of_a_visit_is_decided_upon_with_the_others(service: Service, both: Camera) -> None:
    box = {"xmin": 262, "ymin": 601, "xmax": 349, "ymax": 623}
    service.answers = [plates(result("kv482bt", 0.97, box=box))]
    images = passing(both, 2, confidence=0.4)
    go_on()
    late = passing(both, 1, confidence=0.4)
    assert Visit.objects.count() == 1
    go_on()
    assert sent(service) == [images[1].pk]
    assert said(late)[0][0] == RunStatus.SKIPPED


def test_a_visit_waits_until_it_is_over_and_all_its_pictures_were_read_here(both: Camera) -> None:
    images = passing(both, 2, began=timedelta(seconds=2))
    assert due_images(soon(), 9) == [], "another picture may come"
    Image.objects.update(received_at=timezone.now() - timedelta(seconds=8))
    Visit.objects.update(ended_at=timezone.now() - timedelta(seconds=8))
    assert [image.pk for image in due_images(soon(), 9)] in ([images[0].pk], [images[1].pk])
    type(images[0].recognition_run).objects.filter(image=images[0]).update(status=RunStatus.QUEUED)
    assert due_images(soon(), 9) == []
    Image.objects.update(received_at=timezone.now() - timedelta(minutes=2))
    assert due_images(soon(), 9), "a visit without an end is not waited for for ever"


def test_what_is_on_its_way_is_not_handed_over_again(both: Camera) -> None:
    images = passing(both, 2)
    CloudRun.objects.filter(image=images[0]).update(queued_at=timezone.now())
    assert due_images(timezone.now() - timedelta(seconds=30), 9) == []
    CloudRun.objects.update(queued_at=pace.NEVER, begun_at=timezone.now())
    assert due_images(soon(), 9) == []


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"plate_source": PlateSource.LOCAL}, "plates of this camera are read by this computer alone"),
        ({"plates": PlateMode.OFF}, "plates are not read on this camera"),
        ({"plates": PlateMode.VEHICLES}, "no vehicle found"),
        ({"plates": PlateMode.ALWAYS}, "neither a vehicle nor a plate was found here"),
    ],
)
def test_a_picture_that_is_not_for_the_service_says_why(
    service: Service, both: Camera, facts: dict[str, str], reason: str
) -> None:
    Camera.objects.update(**facts)
    image = make_image(Camera.objects.get())
    finish(image.detection_run, RunStatus.EMPTY)
    finish(image.recognition_run, RunStatus.EMPTY)
    pipeline.start(image, after="plates.read_plates")
    assert said([image]) == [(RunStatus.SKIPPED, reason)]
    assert not service.asked


def test_without_a_token_pictures_say_so(both: Camera, env: SetMore) -> None:
    env(token="", url="https://api.platerecognizer.com")
    images = passing(both, 1)
    assert said(images) == [(RunStatus.SKIPPED, "PLATE_RECOGNIZER_TOKEN is not set")]


def test_a_camera_of_the_service_alone_is_not_read_here(env: object) -> None:
    camera = make_camera(plates=PlateMode.ALWAYS, plate_source=PlateSource.CLOUD)
    image = make_image(camera)
    finish(image.detection_run, RunStatus.EMPTY)
    pipeline.start(image, after="detections.detect_objects")
    run = type(image.recognition_run).objects.get(image=image)
    assert (run.status, run.reason) == (RunStatus.SKIPPED, "plates of this camera are read by Plate Recognizer alone")
    assert said([image]) == [(RunStatus.QUEUED, "")]


def test_old_pictures_that_come_into_the_index_are_not_sent(both: Camera) -> None:
    image = make_image(both, received_at=timezone.now() - timedelta(days=400))
    assert "long before it was indexed" in said([image])[0][1]


def test_a_spent_budget_is_said(service: Service, both: Camera, env: SetMore) -> None:
    env(budget=1)
    service.answers = [plates()]
    images = passing(both, 2)
    go_on()
    assert len(service.pictures) == 1
    assert any("the month's 1 calls are spent until" in reason for _, reason in said(images))


def test_calls_that_nobody_knows_the_end_of_are_bounded_and_counted(service: Service, both: Camera) -> None:
    images = passing(both, 1)
    with patch("cloud.asking.settle", side_effect=Killed):
        for _ in range(5):
            CloudRun.objects.filter(image=images[0]).update(begun_at=None)
            with suppress(Killed):
                run_cloud(images[0].pk)
    assert said(images)[0][0] == RunStatus.FAILED
    assert len(service.pictures) == 3
    assert CloudCall.objects.count() == budget.current().used == 3


def test_of_two_workers_one_sends(service: Service, both: Camera) -> None:
    images = passing(both, 1)
    CloudRun.objects.filter(image=images[0]).update(begun_at=timezone.now() - timedelta(seconds=10), attempts=1)
    run_cloud(images[0].pk)
    assert not service.asked
    CloudRun.objects.filter(image=images[0]).update(begun_at=timezone.now() - timedelta(seconds=90))
    run_cloud(images[0].pk)
    assert len(service.pictures) == 1


def test_two_readers_of_one_plate_see_one_vehicle(service: Service, both: Camera) -> None:
    images = passing(both, 1, confidence=0.4)
    PlateReading.objects.update(text="KV4828T", raw_text="KV4828T")
    box = {"xmin": 212, "ymin": 601, "xmax": 299, "ymax": 619}
    service.answers = [plates(result("kv482bt", 0.97, box=box))]
    go_on()
    assert PlateReading.objects.filter(image=images[0]).count() == 2
    assert Sighting.objects.get().text == "KV482BT"


def test_a_refusal_leaves_the_other_pictures_a_reason(service: Service, both: Camera) -> None:
    service.answers, service.usage = [says(403, {"detail": "no"})], says(403, {"detail": "no"})
    images = passing(both, 3)
    go_on()
    assert len(service.pictures) == 1
    assert {reason for _, reason in said(images)} == {
        "Plate Recognizer refuses the token: check PLATE_RECOGNIZER_TOKEN"
    }
