"""What is acknowledged is found again, once, whatever is killed, cut off or frozen meanwhile."""

from collections.abc import Callable

import pytest
import redis
from celery import Celery

from tests.faults import (
    BROKER_FAULTS,
    BURST,
    PATIENCE,
    WORKER_FAULTS,
    accounts,
    break_broker,
    break_in_mid_burst,
    freeze_broker,
    kill_database,
    kill_workers,
    send_burst,
    stored,
)
from tests.harness import Installation, eventually
from tests.sites import ON_MARIADB

SLOW = {freeze_broker, kill_workers}
"""Take minutes and mean the same on every broker and database, so that one of the two runs has them."""
RESUME_SECONDS = 30
"""The promise: work goes on so soon after the broker's return."""
REDELIVERY_SECONDS = 150
"""The promise: what a worker had in hand when it was killed is done again so soon."""


@pytest.mark.parametrize("fault", [fault for fault in BROKER_FAULTS if ON_MARIADB or fault not in SLOW])
def test_a_broken_broker_loses_and_doubles_nothing_and_work_goes_on(
    running: Installation, fault: Callable[[Installation], None]
) -> None:
    toll = break_broker(running, fault)
    assert (toll.lost, toll.doubled) == (0, 0)
    assert toll.seconds <= RESUME_SECONDS


@pytest.mark.parametrize("fault", [fault for fault in WORKER_FAULTS if ON_MARIADB or fault not in SLOW])
def test_a_killed_worker_loses_and_doubles_nothing_and_its_work_is_done_again(
    running: Installation, fault: Callable[[Installation], None]
) -> None:
    toll = break_in_mid_burst(running, fault)
    assert (toll.lost, toll.doubled) == (0, 0)
    assert toll.seconds <= REDELIVERY_SECONDS


@pytest.mark.skipif(not ON_MARIADB, reason="SQLite has no server that could be killed")
def test_a_database_that_was_gone_loses_and_doubles_nothing(running: Installation) -> None:
    toll = break_in_mid_burst(running, kill_database)
    assert (toll.lost, toll.doubled) == (0, 0)
    assert toll.seconds <= REDELIVERY_SECONDS
    assert running.count("SELECT count(*) FROM cameras_deadletter") == 0, "nobody's fault"


def test_a_worker_that_falls_silent_is_restarted_and_that_is_told(running: Installation) -> None:
    before = stored(running)
    name = pictures_worker(running)
    restarts = running.status()["workers"][name]["restarts"]
    workers = Celery(broker=running.broker.url).control
    for queue in running.status()["workers"][name]["queues"]:
        assert workers.cancel_consumer(queue, destination=[name], reply=True)
    assert workers.inspect([name]).ping(), "it answers, and takes no work"
    send_burst(running)
    eventually(lambda: running.looked_at() == before + BURST, PATIENCE, running.status)
    eventually(lambda: running.status()["workers"][name]["restarts"] == restarts + 1, 20)
    state = running.status()["workers"][name]
    assert state["alive"]
    assert "none was taken" in state["last_stall"]
    assert state["last_completed_at"]


def pictures_worker(running: Installation) -> str:
    """The name of the worker of pictures, once it has told the broker that it runs."""
    eventually(lambda: "pictures" in str(running.status()["workers"]), 60, running.status)
    return next(str(name) for name in running.status()["workers"] if name.startswith("pictures"))


@pytest.mark.skipif(not ON_MARIADB, reason="takes long, and means the same on every broker and database")
def test_a_message_that_got_lost_on_its_way_to_a_worker_comes_again(running: Installation) -> None:
    before = stored(running)
    broker = redis.Redis.from_url(running.broker.url)
    send_burst(running)
    stolen = 0
    while stolen < 6:  # as a worker does that is killed between taking a message and noting that down
        stolen += sum(broker.rpop(queue) is not None for queue in ("ingest", "detect", "plates"))
    eventually(lambda: running.looked_at() == before + BURST, PATIENCE, running.status)
    assert accounts(running, before + BURST) == (0, 0)
