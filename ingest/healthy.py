"""`python -m ingest.healthy NAME`: whether a process of `up` works, for a container's health check.

Exit status 0 where it works, else 1 with a line that says what is wrong.
"""

from __future__ import annotations

import http.client
import json
import socket
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial

import redis

import environment
from environment import Environment
from ingest.receiver_state import own_state
from ingest.workers import worker_states

BEAT_FRESH = timedelta(minutes=2)
"""Beat sends something every few seconds and writes that down each time."""
SECONDS = 5.0
ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104


def receiver(env: Environment) -> str:
    """What is wrong with the receiver; empty for nothing."""
    return "" if own_state()["alive"] else f"receiver {env.receiver_id} does not write its state"


def worker(name: str, env: Environment) -> str:
    """What is wrong with a worker of this computer; empty for nothing, and while the broker does not answer."""
    full = f"{name}@{socket.gethostname()}"
    try:
        state = worker_states().get(full)
    except redis.RedisError:
        return ""
    return "" if state and state["alive"] else f"{full} does not tell the broker that it lives"


def beat(env: Environment) -> str:
    """What is wrong with beat; empty for nothing."""
    try:
        runs = json.loads((env.run_dir / "beat-schedule.json").read_text())
        latest = max(datetime.fromisoformat(at) for at in runs.values())
    except (OSError, ValueError) as problem:
        return f"beat has no schedule: {problem}"
    age = datetime.now(UTC) - latest
    return "" if age < BEAT_FRESH else f"beat has sent nothing for {age.total_seconds():.0f} s"


def answers(path: str, address: tuple[str, int], env: Environment) -> str:
    """What is wrong with a web server; empty for nothing."""
    host, port = ANYWHERE.get(address[0], address[0]), address[1]
    connection = http.client.HTTPConnection(host, port, timeout=SECONDS)
    try:
        connection.request("GET", path, headers={"Host": "localhost"})
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException) as problem:
        return f"nobody answers at {host}:{port}: {problem}"
    finally:
        connection.close()
    return "" if status == http.HTTPStatus.OK else f"{path} answers {status}"


def checks(env: Environment) -> dict[str, Callable[[Environment], str]]:
    """How each process is checked, by the names that `up` gives them."""
    workers = {f"worker-{name}": partial(worker, name) for name in ("pictures", "plates", "sending", "cloud")}
    return {
        "receiver": receiver,
        **workers,
        "beat": beat,
        "web": partial(answers, "/healthz", env.web_address),
        "flower": partial(answers, "/healthcheck", env.flower_address),
    }


def main(arguments: list[str]) -> int:
    """Check one process; the exit status."""
    env = environment.stop_on_problem()
    known = checks(env)
    if len(arguments) != 1 or arguments[0] not in known:
        environment.fail(f"python -m ingest.healthy wants one of {', '.join(known)}, not {' '.join(arguments)!r}.")
    wrong = known[arguments[0]](env)
    if wrong:
        print(wrong)
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
