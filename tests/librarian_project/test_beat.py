"""Beat, killed again and again, and without its broker: no entry runs twice or never."""

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from tests.harness import ROOT, eventually
from tests.servers import Broker
from tests.sites import redis_program

PERIOD = 2.0
"""Seconds, as in beat_app.py, which reads its settings from the environment of beat alone."""
QUEUES = ("sweep", "purge")


class Beat:
    """A real beat that can be killed and started again, and what it sent."""

    def __init__(self, folder: Path) -> None:
        self.file, self.broker = folder / "schedule.json", Broker(folder, redis_program())
        self.env = os.environ | {"BEAT_BROKER": self.broker.url, "BEAT_FILE": str(self.file)}
        self.start()

    def start(self) -> None:
        command = [sys.executable, "-m", "celery", "-A", "tests.librarian_project.beat_app", "beat", "--pidfile="]
        self.process = subprocess.Popen(command, cwd=ROOT, env=self.env, stderr=subprocess.DEVNULL)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def sent(self, queue: str) -> int:
        return int(redis.Redis.from_url(self.broker.url).llen(queue))


@pytest.fixture
def beat(tmp_path: Path) -> Iterator[Beat]:
    beat = Beat(tmp_path)
    eventually(lambda: beat.sent("sweep") > 0, 20)
    yield beat
    beat.kill()
    beat.broker.stop()


def test_killed_again_and_again_it_runs_no_entry_twice_and_leaves_none_out(beat: Beat) -> None:
    began, before = time.monotonic(), {queue: beat.sent(queue) for queue in QUEUES}
    chance = random.Random(3)
    for _ in range(8):
        time.sleep(chance.uniform(0.5, 2.5))
        beat.kill()
        beat.start()
    eventually(lambda: all(beat.sent(queue) > before[queue] + 3 for queue in QUEUES), 30)
    beat.kill()
    periods = (time.monotonic() - began) / PERIOD
    for queue in QUEUES:
        runs = beat.sent(queue) - before[queue]
        assert runs <= periods + 1, "it ran twice in a period"
        assert runs >= periods / 3, "starting anew takes a second or two each time, and nothing else may be missing"


def test_what_could_not_be_sent_is_sent_when_the_broker_is_back(beat: Beat) -> None:
    beat.broker.stop()
    time.sleep(2 * PERIOD)
    beat.broker.start()
    redis.Redis.from_url(beat.broker.url).flushall()
    eventually(lambda: all(beat.sent(queue) >= 1 for queue in QUEUES), 20)


def test_it_keeps_the_time_of_every_run_at_once(beat: Beat) -> None:
    known = json.loads(beat.file.read_text())
    assert set(known) == set(QUEUES)
    sent = beat.sent("sweep")
    eventually(lambda: beat.sent("sweep") > sent)
    eventually(lambda: json.loads(beat.file.read_text())["sweep"] > known["sweep"], 5)


def test_a_damaged_file_begins_the_schedule_anew(beat: Beat) -> None:
    beat.kill()
    beat.file.write_text("{")
    beat.start()
    sent = beat.sent("sweep")
    eventually(lambda: beat.sent("sweep") > sent)
