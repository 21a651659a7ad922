"""What the stages leave behind, with the real detector and reader."""

from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from cameras.models import RunStatus
from cameras.runs import MAX_ATTEMPTS
from detections.modelfiles import ModelProblem
from detections.models import Detection, DetectionRun
from detections.services import run_detection
from detections.tasks import detect_objects
from plates.models import Plate, PlateReading, RecognitionRun
from plates.services import run_recognition
from tests.factories import make_camera, make_image, write_picture

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
    assert (reading.text, reading.plate) == ("KV482BT", Plate.objects.get(text="KV482BT"))


def test_running_again_changes_nothing() -> None:
    detection, _ = run_both()
    assert run_detection(detection.image_id) == run_recognition(detection.image_id) == RunStatus.DONE
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
    assert run_detection(image.pk) == RunStatus.FAILED
    assert run_recognition(image.pk) == RunStatus.SKIPPED
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
        assert (run.attempts, run.status, run.reason) == (attempt, RunStatus.QUEUED, "RuntimeError: no memory")
    detect_objects(image.pk)
    run.refresh_from_db()
    assert run.status == RunStatus.FAILED
    assert run.reason == f"given up after {MAX_ATTEMPTS} attempts: RuntimeError: no memory"


def test_a_model_that_cannot_be_loaded_is_not_the_pictures_fault() -> None:
    image = make_image()
    broken = patch("detections.services.loaded_detector", side_effect=ModelProblem("missing"))
    with broken, pytest.raises(ModelProblem):
        detect_objects(image.pk)
    assert DetectionRun.objects.get().attempts == 0


def test_plates_wait_until_detection_has_ended() -> None:
    image = make_image()
    assert run_recognition(image.pk) == RunStatus.QUEUED


def test_it_says_that_no_vehicle_is_looked_for() -> None:
    _, recognition = run_both(labels=["person"])
    assert recognition.reason == "no vehicle is among the objects that are looked for on this camera"
