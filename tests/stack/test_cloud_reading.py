"""Plate Recognizer with the real senders, broker, workers and schedule: a server of ours answers in its place."""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import pairwise

import imagezmq
import numpy as np
import psutil
import pytest

from tests import plate_service
from tests.harness import DRIVES, Installation, eventually, installation, numbered, private_env
from tests.isolation import DATA_DIR
from tests.plate_service import TOKEN, Service, plates, result, sleeps, statistics

RUNS = "SELECT count(*) FROM cloud_cloudrun WHERE status {}"
ANSWER = plates(result("kv482bt", 0.97, box={"xmin": 600, "ymin": 700, "xmax": 700, "ymax": 730}))


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    """A running server that speaks the protocol."""
    with plate_service.service() as server:
        server.answers, server.usage = [ANSWER], statistics(0)
        yield server


@pytest.fixture(scope="module")
def site(service: Service, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation with one camera whose plates the service reads, and one whose plates are read here."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "models").symlink_to(DATA_DIR / "models")
    token = {"PLATE_RECOGNIZER_TOKEN": TOKEN, "PLATE_RECOGNIZER_URL": service.url, "PLATE_RECOGNIZER_TIMEOUT": "20"}
    with installation(folder, private_env(folder) | token) as found:
        blank = np.zeros((3, 3, 3), np.uint8)
        with imagezmq.ImageSender(connect_to=found.receiver) as sender:
            for view in ("Driveway", "Barn"):
                assert sender.send_image(f"gate {view}|motion|moving|", blank) == b"OK"
        eventually(lambda: found.count("SELECT count(*) FROM cameras_camera") == 2)
        found.execute("UPDATE cameras_camera SET plate_source = 'cloud' WHERE view = 'Driveway'")
        yield found


def drive(site: Installation, view: str, count: int) -> None:
    """A car drives past a camera."""
    with imagezmq.ImageSender(connect_to=site.receiver) as sender:
        for picture in DRIVES[:count]:
            assert sender.send_jpg(f"gate {view}|jpg", numbered(picture.read_bytes())) == b"OK"


def test_of_a_visit_the_best_picture_is_sent_and_its_plate_is_the_vehicles(
    site: Installation, service: Service
) -> None:
    drive(site, "Driveway", 8)
    drive(site, "Barn", 1)
    eventually(lambda: site.count(RUNS.format("!= 'queued'")) == 9, 120)
    assert len(service.pictures) == 1
    reasons = dict(site.rows("SELECT reason, count(*) FROM cloud_cloudrun GROUP BY reason"))
    assert reasons == {
        "": 1,
        "the visit has a sure reading already: KV482BT": 7,
        "plates of this camera are read by this computer alone": 1,
    }
    eventually(lambda: site.count("SELECT count(*) FROM cameras_visit WHERE closed_at IS NULL") == 0)
    seen = "SELECT s.text, s.status FROM plates_sighting s JOIN cameras_visit v ON v.id = s.visit_id ORDER BY s.at"
    assert [text for text, _ in site.rows(seen)] == ["KV482BT", "KV482BT"]
    status = site.status()["cloud"]
    assert (status["used"], status["left"], status["waiting"], status["reason"]) == (1, 2499, 0, "")


def test_a_slow_service_holds_up_nobody_who_reads_here(site: Installation, service: Service) -> None:
    service.answers = [sleeps(15), ANSWER]
    before = len(service.pictures)
    drive(site, "Driveway", 1)
    eventually(lambda: len(service.pictures) == before + 1)
    known = site.looked_at()
    drive(site, "Barn", 2)
    eventually(lambda: site.looked_at() == known + 2, 14)
    assert site.count(RUNS.format("= 'queued'")) == 1, "it is still being asked"
    eventually(lambda: site.count(RUNS.format("= 'queued'")) == 0, 60)


def test_a_worker_that_is_killed_while_it_waits_sends_once_more_and_both_are_counted(
    site: Installation, service: Service
) -> None:
    eventually(lambda: site.count("SELECT count(*) FROM cameras_visit WHERE closed_at IS NULL") == 0)
    service.answers = [sleeps(15), ANSWER]
    before, used = len(service.pictures), site.status()["cloud"]["used"]
    drive(site, "Driveway", 1)
    eventually(lambda: len(service.pictures) == before + 1)
    for child in psutil.Process(site.pid("worker-cloud")).children():
        child.kill()
    eventually(lambda: site.count(RUNS.format("= 'queued'")) == 0, 150)
    assert len(service.pictures) == before + 2
    assert site.status()["cloud"]["used"] == used + 2
    states = [status for (status,) in site.rows("SELECT status FROM cloud_cloudcall ORDER BY id DESC")][:2]
    assert states == ["answered", "begun"]


def test_a_flood_is_sent_at_one_pace(site: Installation, service: Service) -> None:
    service.answers = [ANSWER]
    before = len(service.pictures)
    for _ in range(4):
        drive(site, "Driveway", 1)
        time.sleep(3.5)
    eventually(lambda: len(service.pictures) >= before + 4 and site.count(RUNS.format("= 'queued'")) == 0, 120)
    times = [one.at for one in service.pictures]
    # Turns are a second apart; on a busy machine a request may leave later than its turn came.
    assert all(later - earlier > 0.5 for earlier, later in pairwise(times))


def test_the_token_is_in_no_log_and_no_message(site: Installation, service: Service) -> None:
    assert all(one.authorization == f"Token {TOKEN}" for one in service.asked)
    kept = [file for file in site.folder.rglob("*") if file.is_file() and "models" not in file.parts]
    assert kept
    assert [file for file in kept if TOKEN.encode() in file.read_bytes()] == []
