"""Images that are looked at anew."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch

import pytest
import redis
from celery import current_app
from celery.contrib.testing.worker import start_worker
from django.core.management import CommandError, call_command
from django.utils import timezone

from cameras import runs
from cameras.models import DeadLetter, Image, RunStatus
from cameras.renaming import rename_node
from detections.models import Detection, DetectionRun
from ingest import pipeline, reprocessing
from ingest.sweep import restart_stale
from plates.models import Plate, PlateReading, RecognitionRun
from tests.factories import make_camera, make_image
from tests.harness import eventually

pytestmark = pytest.mark.django_db(transaction=True)

BOX = {"x1": 1, "y1": 2, "x2": 3, "y2": 4}


def looked_at(status: str = RunStatus.DONE, **facts: Any) -> Image:
    """An image that both stages have looked at, with an object and a reading."""
    image = make_image(**facts)
    for stage in pipeline.STAGES:
        stage.runs.objects.filter(image=image).update(status=status, attempts=3, reason="x")
    Detection.objects.create(image=image, label="car", confidence=0.5, **BOX)
    PlateReading.objects.create(image=image, text="KV482BT", raw_text="x", confidence=0.5, at=timezone.now(), **BOX)
    return image


def add_reading(image: Image, plate: Plate) -> None:
    facts: dict[str, Any] = {"text": plate.text, "raw_text": "x", "confidence": 0.5, "at": timezone.now(), **BOX}
    PlateReading.objects.create(image=image, plate=plate, **facts)


def states(image: Image) -> list[str]:
    """How the stages stand that cost nothing; of the other tells tests/cloud/test_pipeline.py."""
    return [stage.runs.objects.get(image=image).status for stage in pipeline.STAGES if not stage.paid]


def test_all_stages_look_at_an_image_anew(broker: redis.Redis) -> None:
    image = looked_at()
    DeadLetter.objects.create(task="object detection", subject=str(image.pk), image=image, reason="x")
    assert reprocessing.reprocess([image]) == 1
    assert states(image) == [RunStatus.QUEUED, RunStatus.QUEUED]
    assert DetectionRun.objects.get().attempts == 0
    assert broker.llen("detect") == 1
    assert not DeadLetter.objects.exists()


def test_what_was_found_goes_but_not_what_a_person_corrected(broker: redis.Redis) -> None:
    image = looked_at()
    corrected = PlateReading.objects.create(
        image=image, text="A", raw_text="x", confidence=0.5, at=timezone.now(), corrected_at=timezone.now(), **BOX
    )
    reprocessing.reprocess([image])
    assert not Detection.objects.exists()
    assert list(PlateReading.objects.all()) == [corrected]


def test_a_plate_that_nothing_else_is_known_of_goes_with_its_last_reading(broker: redis.Redis) -> None:
    image, other = looked_at(), looked_at()
    plates = [Plate.objects.create(text=text) for text in ("BARE", "READ", "CORRECTED")]
    plates += [Plate.objects.create(text=name, **{name: "known"}) for name in ("list", "owner", "colour")]
    Plate.objects.create(text="NEVERREAD")
    for plate in plates:
        add_reading(image, plate)
    add_reading(other, plates[1])
    PlateReading.objects.filter(text="CORRECTED").update(corrected_at=timezone.now())
    reprocessing.reprocess([image])
    left = {"READ", "CORRECTED", "list", "owner", "colour", "NEVERREAD"}
    assert set(Plate.objects.values_list("text", flat=True)) == left


def test_an_image_without_runs_is_planned(broker: redis.Redis) -> None:
    image = make_image()
    DetectionRun.objects.all().delete()
    reprocessing.reprocess([image])
    assert states(image) == [RunStatus.QUEUED, RunStatus.QUEUED]


def run(*arguments: str) -> None:
    call_command("reprocess", *arguments)


def test_the_command_takes_a_camera_and_days(broker: redis.Redis) -> None:
    day = datetime(2026, 11, 10, 12, tzinfo=UTC)
    wanted = looked_at(received_at=day)
    others = [
        looked_at(received_at=day - timedelta(days=1)),
        looked_at(received_at=day + timedelta(days=1)),
        looked_at(received_at=day, camera=make_camera("yard", "Back")),
    ]
    run("--camera", "gate Driveway", "--since", "2026-11-10", "--until", "2026-11-10")
    assert states(wanted) == [RunStatus.QUEUED] * 2
    assert [states(one) for one in others] == [[RunStatus.DONE] * 2] * 3


def test_the_command_hands_over_behind_what_is_live(broker: redis.Redis) -> None:
    image = looked_at()
    run("--all")
    assert (broker.llen("detect"), broker.llen("detect_later")) == (0, 1)
    DetectionRun.objects.update(status=RunStatus.DONE)
    Detection.objects.create(image=image, label="car", confidence=0.5, **BOX)
    pipeline.start(image, after="detections.detect_objects")
    assert (broker.llen("plates"), broker.llen("plates_later")) == (0, 1), "so do the stages that follow"
    reprocessing.reprocess([image])
    assert broker.llen("detect") == 1, "whoever asks for a few waits for them"


def test_the_command_begins_at_a_stage(broker: redis.Redis) -> None:
    image = looked_at()
    run("--all", "--stage", "plates")
    assert states(image) == [RunStatus.DONE, RunStatus.QUEUED]
    assert Detection.objects.count() == 1
    assert not PlateReading.objects.exists()
    assert (broker.llen("detect_later"), broker.llen("plates_later")) == (0, 1)


def test_the_sweep_hands_over_again_what_is_lost_on_the_way(
    broker: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline, "SETTLED", timedelta(0))
    looked_at()
    run("--all")
    assert restart_stale() == 0, "it waits in its queue"
    broker.delete("detect_later")
    assert restart_stale() == 1
    assert (broker.llen("detect"), broker.llen("detect_later")) == (0, 1)


def test_the_newest_of_a_camera_does_not_change_places_with_what_is_live(broker: redis.Redis) -> None:
    camera = make_camera(newest_first=True)
    old, new = (looked_at(camera=camera) for _ in range(2))
    reprocessing.reprocess([new], later=True)
    reprocessing.reprocess([old])
    ready = DetectionRun.objects.select_related("image__camera")
    assert runs.turn(ready.get(image=old), ready).image == old


def test_workers_take_it_only_when_nothing_else_waits(broker: redis.Redis) -> None:
    images = [looked_at() for _ in range(6)]
    reprocessing.reprocess(images[:4], later=True)
    reprocessing.reprocess(images[4:])
    order: list[int] = []

    def look(image_id: int) -> None:
        order.append(image_id)
        raise DetectionRun.DoesNotExist

    queues = ["detect_later", "ingest", "detect"]
    worker = start_worker(current_app, perform_ping_check=False, pool="solo", queues=queues, shutdown_timeout=20)
    with (
        patch("detections.tasks.run_detection", look),
        patch("detections.modelfiles.problems", return_value=[]),
        worker,
    ):
        eventually(lambda: len(order) == 6)
    assert order == [image.pk for image in [*images[4:], *images[:4]]]


def test_the_command_takes_only_what_failed_and_only_from_there(broker: redis.Redis) -> None:
    fine, failed = looked_at(), looked_at()
    RecognitionRun.objects.filter(image=failed).update(status=RunStatus.FAILED)
    run("--failed")
    assert states(fine) == [RunStatus.DONE] * 2
    assert states(failed) == [RunStatus.DONE, RunStatus.QUEUED]
    assert (broker.llen("detect_later"), broker.llen("plates_later"), broker.llen("plates")) == (0, 1, 0)


def test_the_command_stopped_goes_on_where_it_was(broker: redis.Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    start = timezone.now()
    images = [looked_at(received_at=start - timedelta(minutes=minutes)) for minutes in range(6)]
    monkeypatch.setattr(reprocessing, "BATCH", 2)
    looks = iter([None, None])

    def killed_at_the_third() -> None:
        if next(looks, "end") == "end":
            raise KeyboardInterrupt

    monkeypatch.setattr(reprocessing, "wait_for_room", killed_at_the_third)
    with pytest.raises(SystemExit):
        run("--all")
    assert [states(one)[0] for one in images] == [RunStatus.QUEUED] * 4 + [RunStatus.DONE] * 2
    DetectionRun.objects.update(status=RunStatus.DONE)
    monkeypatch.setattr(reprocessing, "wait_for_room", lambda: None)
    run("--all")
    assert [states(one)[0] for one in images[:3]] == [RunStatus.DONE] * 3, "done before"
    assert [states(one)[0] for one in images[4:]] == [RunStatus.QUEUED] * 2
    DetectionRun.objects.update(status=RunStatus.DONE)
    run("--all")
    assert [states(one)[0] for one in images] == [RunStatus.QUEUED] * 6, "one that ended begins anew"


def test_the_command_waits_while_many_wait(broker: redis.Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reprocessing, "ROOM", 2)
    monkeypatch.setattr(reprocessing, "BATCH", 1)
    depths: list[int] = []

    def a_worker_takes_one(seconds: float) -> None:
        depths.append(broker.llen("detect_later"))
        broker.rpop("detect_later")

    monkeypatch.setattr("ingest.reprocessing.time.sleep", a_worker_takes_one)
    for _ in range(4):
        looked_at()
    run("--all")
    assert depths == [2, 2]


@pytest.mark.parametrize(
    "arguments", [[], ["--all", "--failed"], ["--camera", "nobody"], ["--failed", "--stage", "plates"]]
)
def test_the_command_refuses_what_is_not_clear(broker: redis.Redis, arguments: list[str]) -> None:
    image = looked_at()
    with pytest.raises(CommandError):
        run(*arguments)
    assert states(image) == [RunStatus.DONE] * 2


def test_a_dry_run_counts_and_changes_nothing(broker: redis.Redis, capsys: pytest.CaptureFixture[str]) -> None:
    image = looked_at()
    run("--all", "--dry-run")
    assert "looked at anew: 1" in capsys.readouterr().out
    assert states(image) == [RunStatus.DONE] * 2


def test_a_camera_is_known_by_its_earlier_name_too(broker: redis.Redis, capsys: pytest.CaptureFixture[str]) -> None:
    image = looked_at()
    before = str(image.camera)
    rename_node(image.camera.node, "elsewhere")
    run("--camera", before, "--dry-run")
    assert "looked at anew: 1" in capsys.readouterr().out
