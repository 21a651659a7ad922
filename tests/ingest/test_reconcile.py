"""Files and index compared both ways: what is found, and what is refused."""

from __future__ import annotations

import os
import time
from io import StringIO
from pathlib import Path
from unittest.mock import patch

import pytest
import redis
from django.core.management import call_command

from cameras.models import Depth, Fault, FileFault, Image, Reconciliation, ReconciliationState, RunStatus
from ingest import folder, pipeline, services
from ingest.reconcile import belonging, running, slices, walking
from receiver.outbox import Outbox
from tests.factories import image_record, make_image, write_picture
from tests.harness import DRIVES

pytestmark = pytest.mark.django_db(transaction=True)
WHOLE = DRIVES[0].read_bytes()


@pytest.fixture(autouse=True)
def own(broker: redis.Redis, data_dir: Path) -> None:
    """A folder and a broker of this test's own."""


def run(depth: Depth = Depth.NAMES, **options: bool) -> Reconciliation:
    with running.alone():
        found = running.begin(depth)
        for _ in running.work(found, **options):
            pass
    return found


def old(data_dir: Path, path: str, seconds: float = 3600) -> str:
    past = time.time() - seconds
    os.utime(data_dir / path, (past, past))
    return path


def library(number: int = 5) -> list[Image]:
    """Registered pictures with their files."""
    images = [services.register(image_record()) for _ in range(number)]
    return [image for image in images if image]


def kinds() -> dict[str, str]:
    return dict(FileFault.objects.values_list("path", "kind"))


def test_it_finds_nothing_where_all_is_well() -> None:
    library()
    done = run(Depth.HASHES)
    assert (done.state, done.rows, done.files, done.missing, done.faulty, done.hashed) == ("done", 5, 5, 0, 0, 0)
    assert not FileFault.objects.exists()


def test_a_picture_whose_file_is_gone_is_marked_and_unmarked_when_it_is_back() -> None:
    image = library()[0]
    away = image.file.rename(image.file.with_suffix(".away"))
    old(image.file.parent, away.name)
    done = run()
    assert (done.missing, kinds()) == (1, {image.path: "missing", f"{image.path[:-4]}.away": "stranger"})
    assert run().missing == 0, "it is known"
    away.rename(image.file)
    done = run()
    assert (done.back, done.mended, kinds()) == (1, 1, {})
    assert Image.objects.filter(pk=image.pk).exists()


def test_a_picture_that_could_not_be_looked_at_is_looked_at_once_its_file_is_back(data_dir: Path) -> None:
    library()
    record = image_record()
    (data_dir / record["path"]).rename(data_dir / "away")
    image = services.register(record)
    assert image and (image.width, image.bytes) == (0, 0)
    type(image.detection_run).objects.filter(image=image).update(status=RunStatus.FAILED)
    assert run().missing == 1
    (data_dir / "away").rename(data_dir / record["path"])
    assert run().back == 1
    image = Image.objects.get(pk=image.pk)
    assert (image.width > 0, image.problem, image.detection_run.status) == (True, "", "queued")
    assert image.thumbnail.exists() and run(Depth.HASHES).faulty == 0


def test_sizes_and_contents_are_compared_when_asked_for() -> None:
    cut, changed, short, *_ = library(6)
    changed.file.write_bytes(WHOLE[:-3] + b"\x00" + WHOLE[-2:])
    short.file.write_bytes(WHOLE[:1000])
    cut.file.write_bytes(WHOLE[:-2] + b"\0\0")
    Image.objects.filter(pk=cut.pk).update(sha256=None)
    assert run().faulty == 0
    assert (run(Depth.SIZES).faulty, kinds()) == (1, {short.path: "size"})
    done = run(Depth.HASHES)
    assert kinds() == {short.path: "size", changed.path: "changed", cut.path: "cut"}
    assert (done.faulty, done.hashed) == (2, 1)
    run()
    assert FileFault.objects.count() == 3, "names alone say nothing about contents"
    for image in (cut, changed, short):
        image.file.write_bytes(WHOLE)
    Image.objects.filter(pk=cut.pk).update(sha256=changed.sha256)
    assert (run(Depth.HASHES).mended, kinds()) == (3, {})


def test_files_without_a_row_are_registered_and_strange_ones_listed_and_left(data_dir: Path) -> None:
    known = library()
    stray = old(data_dir, write_picture("gate-Driveway-2026-11-22T12.30.15.000250"))
    write_picture("young")
    notes, deep = data_dir / "images/2026-11-22/notes.txt", data_dir / "images/holiday/beach.jpg"
    deep.parent.mkdir()
    for file in (notes, deep):
        file.write_bytes(b"somebody's")
        old(data_dir, str(file.relative_to(data_dir)))
    done = run()
    assert (done.registered, done.rows, Image.objects.filter(path=stray).count()) == (1, len(known), 1)
    assert kinds() == {"images/2026-11-22/notes.txt": "stranger", "images/holiday/beach.jpg": "stranger"}
    assert run().faulty == 0 and notes.exists() and deep.exists()
    notes.unlink()
    assert run().mended == 1


def test_what_an_outbox_holds_comes_from_there_even_if_its_receiver_is_out_of_use(data_dir: Path) -> None:
    lost, stranded = image_record(), image_record(old(data_dir, write_picture(), 2 * 24 * 3600))
    with_both = Outbox(data_dir / "outbox" / "gone.sqlite3")
    with_both.append([lost, stranded])
    with_both.mark_published([lost["id"]])
    with patch("ingest.pipeline.SETTLED", -pipeline.SETTLED):
        done = run()
    assert (done.republished, done.registered) == (1, 1)
    assert str(Image.objects.get().message_id) == stranded["id"]


@pytest.mark.parametrize("whole", [True, False])
def test_a_folder_that_is_not_mounted_marks_nothing(data_dir: Path, whole: bool) -> None:
    library(6)
    run()
    (data_dir / "images").rename(data_dir / "elsewhere")
    if whole:
        (data_dir / "images").mkdir()
    done = run()
    assert done.state == ReconciliationState.REFUSED and not FileFault.objects.exists()
    assert ("has no file .librarian" if whole else "is not there") in done.text
    with pytest.raises(SystemExit):
        call_command("reconcile")
    assert folder.sweep_folder() is None


def test_the_folder_of_another_installation_is_refused(data_dir: Path) -> None:
    library()
    run()
    (data_dir / "images" / belonging.MARKER).write_text("8a6e0804-2bd0-4672-b79d-d97027f9071a\n")
    assert "belongs to another installation" in run().text
    assert run(accept=True).state == "done" and run().state == "done"


@pytest.mark.parametrize("seen_beforehand", [True, False])
def test_half_of_a_library_is_not_marked_unless_a_person_says_so(seen_beforehand: bool) -> None:
    images = library(6)
    for image in images[:3]:
        image.file.unlink()
    with patch.object(running, "sampled", running.sampled if seen_beforehand else lambda _: ""):
        done = run()
    assert done.state == ReconciliationState.REFUSED and "3 of 6 pictures have no file" in done.text
    assert not FileFault.objects.exists()
    assert (run(accept=True).missing, FileFault.objects.count()) == (3, 3)
    assert run().state == "done", "what is known to be missing is no news"


def test_stopped_or_killed_it_goes_on_where_it_was() -> None:
    paths = sorted(image.path for image in library(6))
    with patch.object(walking, "BATCH", 2):
        with running.alone():
            first = running.begin(Depth.SIZES)
            next(running.work(first))
        assert first.place == paths[1]
        done = run(Depth.SIZES)
        assert (done.pk, done.rows, done.state) == (first.pk, 6, "done")
        with patch.object(slices, "SECONDS", -1):
            turns = 0
            while slices.reconcile_slice():
                turns += 1
    assert turns >= 3 and Reconciliation.objects.filter(depth="names").get().rows == 6


def test_two_runs_are_not_done_at_once() -> None:
    with running.alone(), pytest.raises(SystemExit):
        call_command("reconcile")


def test_the_command_tells_what_it_found(capsys: pytest.CaptureFixture[str]) -> None:
    image = library()[0]
    image.file.unlink()
    call_command("reconcile", "--hashes", stdout=StringIO())
    told = capsys.readouterr().out
    assert "1 pictures newly found missing" in told and image.path in told


def test_purging_takes_the_fault_with_it() -> None:
    image = library()[0]
    image.file.unlink()
    run()
    image.delete()
    assert not FileFault.objects.exists()
    make_image()
    assert run().state == "done"
    assert Fault.MISSING not in kinds().values()
