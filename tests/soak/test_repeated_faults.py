"""The same faults again and again on one installation."""

import random
import time

import imagezmq
import psutil
import pytest

from tests.faults import PATIENCE, kill_broker_under_load, kill_workers_in_mid_burst
from tests.harness import DRIVES, Installation, eventually, numbered

pytestmark = pytest.mark.soak


def test_ten_kills_of_the_broker_lose_nothing(running: Installation) -> None:
    for _ in range(10):
        kill_broker_under_load(running)


def test_three_kills_of_the_workers_lose_nothing(running: Installation) -> None:
    for _ in range(3):
        kill_workers_in_mid_burst(running)


def test_a_minute_of_random_kills_loses_nothing(running: Installation) -> None:
    before = running.count("SELECT count(*) FROM cameras_image")
    eventually(lambda: running.looked_at() == before, PATIENCE)
    chance = random.Random(4)
    acknowledged, ends = 0, time.monotonic() + 60
    while time.monotonic() < ends:
        with imagezmq.ImageSender(connect_to=running.receiver) as sender:
            for _ in range(4):
                assert sender.send_jpg("gate Driveway|jpg", numbered(chance.choice(DRIVES).read_bytes())) == b"OK"
                acknowledged += 1
        name = chance.choice(["broker", "worker-pictures", "worker-plates", "beat", "web", "receiver"])
        old = running.pid(name)
        if psutil.pid_exists(old):
            psutil.Process(old).kill()
        eventually(lambda name=name, old=old: running.pid(name) != old, 30)  # type: ignore[misc]
        time.sleep(3)
    eventually(lambda: running.looked_at() == before + acknowledged, PATIENCE)
    assert running.count("SELECT count(*) FROM cameras_image") == before + acknowledged
    assert running.count("SELECT count(*) FROM plates_platereading") == before + acknowledged
