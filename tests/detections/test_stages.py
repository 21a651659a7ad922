"""What the stages leave behind, with the real detector and reader."""

import dataclasses
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.utils import timezone

import environment
from cameras.models import Camera, DeadLetter, RunStatus
from cameras.runs import MAX_ATTEMPTS
from detections.detectors.base import FoundObject
from detections.filtering import foot_of
from detections.modelfiles import ModelProblem
from detections.models import Detection, DetectionRun
from detections.services import run_detection, save_detections
from detections.tasks import detect_objects
from ingest import dead_letters
from plates.models import PlateReading, RecognitionRun
from plates.services import run_recognition
from tests.factories import make_camera, make_image, write_picture
from tests.harness import DRIVES

BOX = (10.0, 10.0, 110.0, 110.0)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("data_dir")]


def run_both(**camera: Any) -> tuple[DetectionRun, RecognitionRun]:
    image = make_image(make_camera(**camera))
    run_detection(image.pk)
    run_recognition(image.pk)
    return DetectionRun.objects.get(image=image), RecognitionRun.objects.get(image=image)


def test_it_finds_the_car_and_reads_its_plate() -> None:
    detection, recognition = run_both()
    assert (detection.status, recognition.status) == (RunStatus.DONE, RunStatus.DONE)
    assert detection.model
    assert detection.version
    assert detection.duration_ms
    assert Detection.objects.get().label == "car"
    reading = PlateReading.objects.get()
    assert (reading.text, reading.plate) == ("KV482BT", None), "which plate it is, its visit will tell"


def test_running_again_changes_nothing() -> None:
    detection, _ = run_both()
    assert run_detection(detection.image_id).status == run_recognition(detection.image_id).status == RunStatus.DONE
    assert Detection.objects.count() == PlateReading.objects.count() == 1


def test_two_runs_at_once_do_not_add_up() -> None:
    detection, recognition = run_both()
    DetectionRun.objects.update(status=RunStatus.QUEUED)
    RecognitionRun.objects.update(status=RunStatus.QUEUED)
    run_detection(detection.image_id)
    run_recognition(recognition.image_id)
    assert Detection.objects.count() == PlateReading.objects.count() == 1


def test_it_leaves_out_what_the_camera_does_not_want() -> None:
    detection, recognition = run_both(labels=["person"])
    assert detection.status == RunStatus.EMPTY
    assert recognition.status == RunStatus.SKIPPED


def test_it_does_not_look_where_the_camera_says_no() -> None:
    detection, recognition = run_both(detect=False)
    assert detection.status == recognition.status == RunStatus.SKIPPED
    assert not Detection.objects.exists()


def test_it_reads_without_detection_where_the_camera_says_always() -> None:
    detection, recognition = run_both(detect=False, plates="always")
    assert (detection.status, recognition.status) == (RunStatus.SKIPPED, RunStatus.DONE)
    assert PlateReading.objects.get().text == "KV482BT"


def test_it_keeps_a_weak_detection_out() -> None:
    assert run_both(min_score=1.0)[0].status == RunStatus.EMPTY


def test_an_unreadable_picture_fails_for_good_and_skips_the_reading() -> None:
    image = make_image(path=write_picture(data=b"\xff\xd8 not a picture"))
    assert run_detection(image.pk).status == RunStatus.FAILED
    assert run_recognition(image.pk).status == RunStatus.SKIPPED
    assert RecognitionRun.objects.get().reason == "object detection failed"


def test_a_missing_file_fails_with_its_name(data_dir: Path) -> None:
    image = make_image()
    image.file.unlink()
    run_detection(image.pk)
    assert image.file.name in DetectionRun.objects.get().reason


def test_a_picture_that_breaks_the_model_is_tried_again_and_in_the_end_set_aside() -> None:
    image = make_image()
    for attempt in range(1, MAX_ATTEMPTS + 1):
        broken = patch("detections.detectors.openvino_ssd.OpenVinoSsd.detect", side_effect=RuntimeError("no memory"))
        with broken, pytest.raises(RuntimeError):
            detect_objects(image.pk)
        run = DetectionRun.objects.get()
        assert run.attempts == attempt
        if attempt < MAX_ATTEMPTS:
            assert (run.status, run.reason) == (RunStatus.QUEUED, "RuntimeError: no memory")
    assert run.status == RunStatus.FAILED
    assert run.reason == f"given up after {MAX_ATTEMPTS} attempts: RuntimeError: no memory"
    letter = DeadLetter.objects.get()
    assert (letter.image, letter.task, letter.attempts) == (image, "object detection", MAX_ATTEMPTS)
    assert (letter.reason, "Traceback" in letter.traceback) == (run.reason, True)


def test_a_picture_that_hangs_or_kills_its_worker_each_time_is_set_aside() -> None:
    image = make_image()
    DetectionRun.objects.update(attempts=MAX_ATTEMPTS)
    assert run_detection(image.pk).status == RunStatus.FAILED
    assert "hung or ended its worker" in DeadLetter.objects.get(image=image).reason


def test_what_failed_is_left_alone_until_a_person_has_it_tried_again() -> None:
    image = make_image(path=write_picture(data=b"\xff\xd8 not a picture"))
    assert run_detection(image.pk).status == run_detection(image.pk).status == RunStatus.FAILED
    run_recognition(image.pk)
    image.file.write_bytes(DRIVES[0].read_bytes())
    with patch("ingest.pipeline.start") as start:
        dead_letters.retry(DeadLetter.objects.get())
    start.assert_called_once_with(image)
    assert not DeadLetter.objects.exists()
    assert [run(image.pk).status for run in (run_detection, run_recognition)] == [RunStatus.DONE, RunStatus.DONE]


def test_a_camera_may_have_its_newest_pictures_looked_at_first() -> None:
    camera, other = make_camera(newest_first=True), make_camera("yard", "Barn")
    images = [make_image(camera) for _ in range(3)]
    make_image(other)
    for turn in images:
        run_detection(turn.pk)
    ended = DetectionRun.objects.exclude(finished_at=None).order_by("finished_at")
    assert [run.image_id for run in ended] == [image.pk for image in reversed(images)]
    for turn in images:
        run_recognition(turn.pk)
    read = RecognitionRun.objects.exclude(finished_at=None).order_by("finished_at")
    assert [run.image_id for run in read] == [image.pk for image in reversed(images)]


def test_what_changes_places_in_line_takes_over_the_others_time() -> None:
    camera = make_camera(newest_first=True)
    times = {make_image(camera).pk: timezone.now() + timedelta(minutes=number) for number in range(2)}
    for image_id, at in times.items():
        DetectionRun.objects.filter(image_id=image_id).update(queued_at=at)
    run_detection(min(times))
    assert DetectionRun.objects.get(image_id=min(times)).queued_at == max(times.values())


def test_plates_of_the_newest_picture_wait_for_its_detection() -> None:
    camera = make_camera(newest_first=True)
    first, second = make_image(camera), make_image(camera)
    DetectionRun.objects.filter(image=first).update(status=RunStatus.EMPTY)
    assert run_recognition(first.pk).status == RunStatus.SKIPPED
    assert RecognitionRun.objects.get(image=second).status == RunStatus.QUEUED


def test_a_model_that_cannot_be_loaded_is_not_the_pictures_fault() -> None:
    image = make_image()
    broken = patch("detections.services.loaded_detector", side_effect=ModelProblem("missing"))
    with broken, pytest.raises(ModelProblem):
        detect_objects(image.pk)
    assert DetectionRun.objects.get().attempts == 0


def test_plates_wait_until_detection_has_ended() -> None:
    image = make_image()
    assert run_recognition(image.pk).status == RunStatus.QUEUED


def test_it_says_that_no_vehicle_is_looked_for() -> None:
    _, recognition = run_both(labels=["person"])
    assert recognition.reason == "no vehicle is among the objects that are looked for on this camera"


def test_several_labels_of_one_thing_are_stored_and_all_but_the_surest_marked() -> None:
    image = make_image()
    run = DetectionRun.objects.get(image=image)
    save_detections(run, [FoundObject(*one, BOX) for one in (("car", 0.6), ("truck", 0.5), ("person", 0.4))])
    rows = list(Detection.objects.values_list("label", "shadowed"))
    assert rows == [("car", False), ("truck", True), ("person", False)]
    assert [one.label for one in Detection.objects.things()] == ["car", "person"]


def test_at_most_twenty_are_kept_the_best_of_those_that_are_wanted() -> None:
    found = [FoundObject("person" if number % 2 else "car", 0.9 - number / 100, BOX) for number in range(60)]
    image = make_image(make_camera(labels=["person"]))
    with patch("detections.detectors.openvino_ssd.OpenVinoSsd.detect", return_value=found):
        run_detection(image.pk)
    assert list(Detection.objects.values_list("label", "confidence")) == [
        ("person", round(0.9 - number / 100, 4)) for number in range(1, 41, 2)
    ]


def test_nothing_below_the_setting_is_kept_whatever_the_camera_says(monkeypatch: pytest.MonkeyPatch) -> None:
    env = dataclasses.replace(environment.current(), detection_min_score=1.0)
    monkeypatch.setattr(environment, "current", lambda: env)
    assert run_both(min_score=0.1, scores={"car": 0.1})[0].status == RunStatus.EMPTY


@pytest.mark.parametrize(
    "change",
    [
        {"labels": ["person"]},
        {"min_score": 1.0},
        {"scores": {"car": 1.0}},
        {"min_size": 90.0},
        {"max_size": 0.1},
        {"detect": False},
    ],
)
def test_the_next_picture_is_looked_at_by_the_settings_of_that_moment(change: dict[str, Any]) -> None:
    camera = make_camera()
    before, after = make_image(camera), make_image(camera)
    assert run_detection(before.pk).status == RunStatus.DONE
    Camera.objects.filter(pk=camera.pk).update(**change)
    assert run_detection(after.pk).status in {RunStatus.EMPTY, RunStatus.SKIPPED}
    assert set(Detection.objects.values_list("image", flat=True)) == {before.pk}


def test_the_next_picture_heeds_a_zone_and_the_one_after_that_it_is_gone() -> None:
    camera = make_camera()
    images = [make_image(camera) for _ in range(3)]
    assert run_detection(images[0].pk).status == RunStatus.DONE
    zone = camera.zones.create(name="all of it", kind="ignore", points=[[0, 0], [1, 0], [1, 1], [0, 1]])
    assert run_detection(images[1].pk).status == RunStatus.EMPTY
    zone.delete()
    assert run_detection(images[2].pk).status == RunStatus.DONE


def test_only_what_stands_in_a_zone_to_include_is_found() -> None:
    camera = make_camera()
    images = [make_image(camera) for _ in range(2)]
    run_detection(images[0].pk)
    car = Detection.objects.get()
    x, y = foot_of(car.box, 1280, 960)
    zone = camera.zones.create(name="sky", points=[[0, 0], [1, 0], [1, y - 0.01]])
    assert run_detection(images[1].pk).status == RunStatus.EMPTY
    zone.points = [[x - 0.02, y - 0.02], [x + 0.02, y - 0.02], [x + 0.02, y + 0.02], [x - 0.02, y + 0.02]]
    zone.save()
    again = make_image(camera)
    assert run_detection(again.pk).status == RunStatus.DONE
