"""What faults cost on real servers: `python -m benchmarks.faults [ROUNDS]`; each fault so many times, once by default.

MariaDB and Redis are private ones, as for the tests.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from benchmarks.figures import Bound, finish

BOUNDS = {
    "lost": Bound(at_most=0),
    "doubled": Bound(at_most=0),
    "resume_seconds_max": Bound(at_most=30),
    "redelivery_seconds_max": Bound(at_most=150),
    "drain_ratio": Bound(at_least=0.7),
}


def main() -> None:
    """Measure everything and print the figures."""
    os.environ["TEST_DATABASE"] = "mariadb"  # before the modules that read it
    from benchmarks import faults_drain

    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    print("draining a backlog", flush=True)
    finish("faults", faults_drain.measure() | break_everything(rounds), BOUNDS)


def break_everything(rounds: int) -> dict[str, float]:
    """Every fault so many times on one installation: the sums of what was lost and doubled, the longest waits."""
    from tests import faults
    from tests.harness import installation, private_env

    resumed, redelivered = [], []
    with tempfile.TemporaryDirectory() as folder:
        env = private_env(Path(folder))
        with installation(Path(folder), env) as site:
            for _ in range(rounds):
                for fault in faults.BROKER_FAULTS:
                    resumed.append(told(fault.__name__, faults.break_broker(site, fault)))
                for fault in (*faults.WORKER_FAULTS, faults.kill_database):
                    redelivered.append(told(fault.__name__, faults.break_in_mid_burst(site, fault)))
    tolls = resumed + redelivered
    return {
        "lost": sum(toll.lost for toll in tolls),
        "doubled": sum(toll.doubled for toll in tolls),
        "resume_seconds_max": max(toll.seconds for toll in resumed),
        "redelivery_seconds_max": max(toll.seconds for toll in redelivered),
    }


def told(name: str, toll):  # type: ignore[no-untyped-def]  # a Toll, whose module is not to be imported too early
    """Print what a fault cost."""
    print(f"  {name}: {toll}", flush=True)
    return toll


if __name__ == "__main__":
    main()
