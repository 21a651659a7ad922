"""The same faults again and again on one installation."""

import random
import time
from collections.abc import Callable

import imagezmq
import psutil
import pytest

from tests.faults import BROKER_FAULTS, PATIENCE, WORKER_FAULTS, break_broker, break_in_mid_burst, kill_database, stored
from tests.harness import DRIVES, Installation, eventually, numbered
from tests.sites import ON_MARIADB

pytestmark = pytest.mark.soak


@pytest.mark.parametrize("fault", BROKER_FAULTS)
def test_five_breaks_of_the_broker_lose_nothing(
    running: Installation, fault: Callable[[Installation], None], capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(5):
        toll = break_broker(running, fault)
        with capsys.disabled():
            print(f"\n{fault.__name__}: {toll}")
        assert (toll.lost, toll.doubled) == (0, 0)
        assert toll.seconds <= 30


@pytest.mark.parametrize("fault", [*WORKER_FAULTS, *([kill_database] if ON_MARIADB else [])])
def test_three_kills_of_workers_and_database_lose_nothing(
    running: Installation, fault: Callable[[Installation], None], capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(3):
        toll = break_in_mid_burst(running, fault)
        with capsys.disabled():
            print(f"\n{fault.__name__}: {toll}")
        assert (toll.lost, toll.doubled) == (0, 0)
        assert toll.seconds <= 150


def test_a_minute_of_random_kills_loses_nothing(running: Installation) -> None:
    before = stored(running)
    chance = random.Random(4)
    acknowledged, ends = 0, time.monotonic() + 60
    while time.monotonic() < ends:
        with imagezmq.ImageSender(connect_to=running.receiver) as sender:
            for _ in range(4):
                assert sender.send_jpg("gate Driveway|jpg", numbered(chance.choice(DRIVES).read_bytes())) == b"OK"
                acknowledged += 1
        kill(
            running,
            chance.choice(["broker", "worker-pictures", "worker-plates", "worker-sending", "beat", "web", "receiver"]),
        )
        time.sleep(3)
    eventually(lambda: running.looked_at() == before + acknowledged, PATIENCE)
    assert running.count("SELECT count(*) FROM cameras_image") == before + acknowledged
    assert running.count("SELECT count(*) FROM plates_platereading") == before + acknowledged


def kill(site: Installation, name: str) -> None:
    """Kill one process and see it come back."""
    if name == "broker":
        site.broker.kill()
        site.broker.start()
        return
    old = site.pid(name)
    if psutil.pid_exists(old):
        psutil.Process(old).kill()
    eventually(lambda: site.pid(name) != old, 30)
