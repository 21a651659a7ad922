"""What is lost on the way comes again, and what only waits is left alone."""

import os
import time
import uuid
from collections.abc import Iterable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

import pytest
import redis
from django.utils import timezone

from cameras.models import Image, RunStatus, Tombstone
from cameras.records import ImageRecord
from ingest import folder, pipeline, queues, services, sweep
from receiver.outbox import Outbox
from tests.factories import image_record, make_camera, make_image, write_picture

pytestmark = pytest.mark.django_db(transaction=True)
LATER = timedelta(minutes=10)


def published(data_dir: Path, records: Iterable[ImageRecord]) -> Outbox:
    """An outbox whose records the broker has had."""
    outbox = Outbox(data_dir / "outbox" / "hub.sqlite3")
    rows = list(records)
    outbox.append(rows)
    outbox.mark_published([row["id"] for row in rows])
    return outbox


def after(delta: timedelta) -> AbstractContextManager[object]:
    """Django's clock, put forward."""
    return patch("django.utils.timezone.now", return_value=datetime.now(UTC) + delta)


def test_it_has_published_again_what_never_arrived(broker: redis.Redis, data_dir: Path) -> None:
    known, lost = image_record(), image_record()
    outbox = published(data_dir, [known, lost])
    services.register(known)
    broker.flushall()
    with after(LATER):
        assert sweep.republish_lost() == 1
    assert [record.id for record in outbox.unpublished()] == [lost["id"]]


def test_it_does_not_bring_back_what_was_purged(broker: redis.Redis, data_dir: Path) -> None:
    record = image_record()
    published(data_dir, [record])
    Tombstone.objects.create(message_id=record["id"])
    with after(LATER):
        assert sweep.republish_lost() == 0


def test_it_looks_at_each_record_once(broker: redis.Redis, data_dir: Path) -> None:
    published(data_dir, [image_record()])
    with after(LATER):
        assert sweep.republish_lost() == 1
    with after(2 * LATER):
        assert sweep.republish_lost() == 0


def test_it_leaves_alone_what_still_waits_in_the_queue(broker: redis.Redis, data_dir: Path) -> None:
    from ingest.tasks import register_image

    record = image_record()
    register_image.delay(record)
    published(data_dir, [record])
    with after(LATER):
        assert sweep.republish_lost() == 0
    broker.flushall()
    with after(LATER):
        assert sweep.republish_lost() == 1


def test_it_hands_over_again_an_image_that_nobody_looked_at(broker: redis.Redis) -> None:
    image = make_image()
    with after(LATER):
        assert sweep.restart_stale() == 1
    assert queues.depths()["detect"] == 1
    image.detection_run.refresh_from_db()
    with after(LATER):
        assert sweep.restart_stale() == 0, "just handed over"


def test_it_does_not_double_a_backlog(broker: redis.Redis) -> None:
    image = make_image()
    pipeline.start(image)
    with after(LATER):
        assert sweep.restart_stale() == 0
    assert queues.depths()["detect"] == 1


def test_it_goes_on_at_the_stage_that_is_missing(broker: redis.Redis) -> None:
    image = make_image(make_camera(plates="always"))
    image.detection_run.status = RunStatus.DONE
    image.detection_run.save()
    with after(LATER):
        assert sweep.restart_stale() == 1
    assert (queues.depths()["detect"], queues.depths()["plates"]) == (0, 1)


def test_it_plans_an_image_that_has_no_run_rows(broker: redis.Redis) -> None:
    image = make_image()
    image.detection_run.delete()
    image.recognition_run.delete()
    assert sweep.plan_unplanned() == 2
    assert Image.objects.get(pk=image.pk).detection_run.status == RunStatus.QUEUED
    assert sweep.restart_stale() == 1
    assert sweep.plan_unplanned() == 0


def old(data_dir: Path, path: str) -> str:
    """Make a file old enough to be missed."""
    past = time.time() - 3600
    os.utime(data_dir / path, (past, past))
    return path


def test_it_registers_a_file_that_the_index_misses(broker: redis.Redis, data_dir: Path) -> None:
    make_camera("gate", "")
    make_camera("gate", "Driveway")
    path = old(data_dir, write_picture("gate-Driveway-2026-11-22T12.30.15.000250"))
    folder.sweep_folder()
    folder.sweep_folder()
    image = Image.objects.get()
    assert (image.path, str(image.camera)) == (path, "gate Driveway")
    assert image.received_at == datetime(2026, 11, 22, 11, 30, 15, 250, UTC), "the name tells Berlin's time"


def test_it_gives_an_unknown_file_to_the_unidentified_node(broker: redis.Redis, data_dir: Path) -> None:
    old(data_dir, write_picture("somebody-2026-11-22T12.30.15.000000"))
    folder.sweep_folder()
    assert Image.objects.get().camera.node.name == "unidentified"


def test_it_leaves_young_files_and_those_of_the_outbox_alone(broker: redis.Redis, data_dir: Path) -> None:
    write_picture()
    record = image_record(old(data_dir, write_picture()))
    Outbox(data_dir / "outbox" / "hub.sqlite3").append([record])
    folder.sweep_folder()
    assert not Image.objects.exists()


def test_it_never_registers_what_was_purged_or_what_a_link_points_to(broker: redis.Redis, data_dir: Path) -> None:
    path = old(data_dir, write_picture())
    Tombstone.objects.create(message_id=uuid.uuid4(), path=path)
    preview = Image(path=path).preview
    preview.parent.mkdir(parents=True, exist_ok=True)
    preview.write_bytes(b"small")
    (data_dir / "elsewhere.jpg").write_bytes(b"not ours")
    (data_dir / "images/2026-11-22/link.jpg").symlink_to(data_dir / "elsewhere.jpg")
    folder.sweep_folder()
    assert not Image.objects.exists()
    assert not (data_dir / path).exists() and not preview.exists(), "the purge was killed before it removed them"
    assert (data_dir / "elsewhere.jpg").exists()


def test_it_does_not_double_what_the_outbox_will_bring(broker: redis.Redis, data_dir: Path) -> None:
    outbox = published(data_dir, [image_record(old(data_dir, write_picture()))])
    with after(LATER):
        folder.sweep_folder()
    assert not outbox.unpublished()
    assert not Image.objects.exists()


def test_one_bad_file_does_not_keep_the_others_out(
    broker: redis.Redis, data_dir: Path, caplog: pytest.LogCaptureFixture
) -> None:
    old(data_dir, write_picture("a"))
    old(data_dir, write_picture("b\udcff"))
    old(data_dir, write_picture("c"))
    folder.sweep_folder()
    assert Image.objects.count() == 2
    assert "cannot be registered" in caplog.text


def test_it_goes_on_where_its_time_was_up(broker: redis.Redis, data_dir: Path) -> None:
    for name in "abc":
        old(data_dir, write_picture(name))
    rest, turns = folder.sweep_folder(), 0
    with patch("ingest.folder.SLICE_SECONDS", -1):
        Image.objects.all().delete()
        rest = folder.sweep_folder()
        while rest:
            turns += 1
            rest = folder.sweep_folder(0, *rest)
    assert (turns, Image.objects.count()) == (3, 3)


def test_the_hour_that_comes_twice_is_told_apart(data_dir: Path) -> None:
    path = write_picture("gate-2026-10-25T02.30.00.000000")
    for hour in (0, 1):
        at = datetime(2026, 10, 25, hour, 30, tzinfo=UTC)
        os.utime(data_dir / path, (at.timestamp(), at.timestamp()))
        assert folder.received_at(data_dir / path) == at


@pytest.mark.parametrize("mark", ["", "2999-01-01T00:00:00+00:00"])
def test_a_mark_that_is_damaged_or_in_the_future_means_looking_at_everything_again(
    broker: redis.Redis, data_dir: Path, mark: str
) -> None:
    published(data_dir, [image_record()])
    (data_dir / "run" / "sweep-outbox-hub.mark").write_text(mark)
    with after(LATER):
        assert sweep.republish_lost() == 1


def test_it_reports_a_row_whose_file_is_gone(
    broker: redis.Redis, data_dir: Path, caplog: pytest.LogCaptureFixture
) -> None:
    image = make_image(received_at=timezone.now() - timedelta(days=1))
    image.file.unlink()
    folder.sweep_folder()
    assert "1 indexed pictures of 2026-11-22 have no file" in caplog.text
    assert Image.objects.filter(pk=image.pk).exists(), "the row stays"
