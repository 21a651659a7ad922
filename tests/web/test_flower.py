"""Flower as `make run` starts it: on loopback, behind a password, and for looking only."""

from __future__ import annotations

import uuid

import pytest
import requests
from psutil import CONN_LISTEN

from tests.harness import Installation, eventually

CHANGES = [
    "/api/worker/shutdown/{worker}",
    "/api/worker/pool/restart/{worker}",
    "/api/worker/pool/grow/{worker}?n=1",
    "/api/worker/pool/shrink/{worker}?n=1",
    "/api/worker/pool/autoscale/{worker}?min=1&max=2",
    "/api/worker/queue/add-consumer/{worker}?queue=x",
    "/api/worker/queue/cancel-consumer/{worker}?queue=ingest",
    "/api/task/revoke/{task}?terminate=true",
    "/api/task/abort/{task}",
    "/api/task/timeout/ingest.purge?soft=1&hard=1",
    "/api/task/rate-limit/ingest.purge?ratelimit=1",
    "/api/task/apply/ingest.purge",
    "/api/task/async-apply/ingest.purge",
    "/api/task/send-task/ingest.purge",
]


@pytest.fixture(scope="module")
def credentials(running: Installation) -> tuple[str, str]:
    return "admin", (running.folder / "flower_password").read_text()


@pytest.fixture(scope="module")
def worker(running: Installation, credentials: tuple[str, str]) -> str:
    """The name of a worker that Flower knows."""

    def names() -> list[str]:
        found = requests.get(f"{running.flower}/api/workers?refresh=1", auth=credentials)
        return sorted(found.json()) if found.ok else []

    eventually(lambda: bool(names()), 30)
    return names()[0]


@pytest.mark.parametrize("change", CHANGES)
def test_it_lets_nobody_change_anything(
    running: Installation, credentials: tuple[str, str], worker: str, change: str
) -> None:
    address = running.flower + change.format(worker=worker, task=uuid.uuid4())
    assert requests.post(address).status_code == 401
    answer = requests.post(address, auth=credentials, json={"args": []})
    assert answer.status_code == 403, answer.text


def test_the_workers_are_as_they_were(running: Installation) -> None:
    """After all the above."""
    log = (running.folder / "logs" / "supervisord.log").read_text()
    assert log.count("spawned: 'worker-pictures'") == log.count("spawned: 'worker-plates'") == 1


@pytest.mark.parametrize("password", ["", "wrong"])
@pytest.mark.parametrize("page", ["/", "/workers", "/tasks", "/broker", "/metrics", "/api/workers", "/api/tasks"])
def test_it_shows_nothing_without_the_password(running: Installation, page: str, password: str) -> None:
    answer = requests.get(running.flower + page, auth=("admin", password) if password else None)
    assert answer.status_code == 401
    assert "worker" not in answer.text


@pytest.mark.parametrize("page", ["/", "/workers", "/tasks", "/broker", "/metrics", "/api/workers", "/api/tasks"])
def test_it_shows_everything_with_it(running: Installation, credentials: tuple[str, str], page: str) -> None:
    assert requests.get(running.flower + page, auth=credentials).status_code == 200


def test_it_listens_on_loopback_only(running: Installation) -> None:
    port = int(running.flower.rpartition(":")[2])
    places = {
        connection.laddr.ip
        for process in running.family()
        for connection in process.net_connections("tcp")
        if connection.status == CONN_LISTEN and connection.laddr.port == port
    }
    assert places == {"127.0.0.1"}


def test_the_page_of_the_broker_does_not_show_its_password(running: Installation, credentials: tuple[str, str]) -> None:
    password = running.broker.url.split(":")[2].split("@")[0]
    for page in ("/broker", "/workers"):
        assert password not in requests.get(running.flower + page, auth=credentials).text
