"""What is acknowledged is found again, whatever is killed meanwhile."""

from tests.faults import kill_broker_under_load, kill_workers_in_mid_burst
from tests.harness import Installation


def test_a_broker_killed_and_brought_back_loses_nothing(running: Installation) -> None:
    kill_broker_under_load(running)


def test_a_worker_killed_in_mid_burst_loses_nothing(running: Installation) -> None:
    kill_workers_in_mid_burst(running)
