"""Real processes that hang are noticed, ended and started again: by the guard, by `up`, and by systemd's protocol."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from ingest.up import guard
from tests.harness import ROOT, Installation, eventually, installation, private_env
from tests.isolation import DATA_DIR
from tests.servers import Broker
from tests.sites import redis_program

NAMES = ("receiver", "beat", "worker-plates")


@pytest.fixture(scope="module")
def env(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """A data folder, prepared as far as these processes need it, and a broker."""
    folder = tmp_path_factory.mktemp("hung")
    for name in ("run", "logs", "images", "outbox"):
        (folder / name).mkdir()
    (folder / "models").symlink_to(DATA_DIR / "models")
    broker = Broker(tmp_path_factory.mktemp("broker"), redis_program())
    yield private_env(folder) | {"REDIS_URL": broker.url, "HUNG_SECONDS": "6"}
    broker.stop()


@pytest.mark.parametrize("name", NAMES)
def test_a_hung_process_is_ended_by_its_guard_with_a_loud_line(name: str, env: dict[str, str], tmp_path: Path) -> None:
    said = tmp_path / "said"
    with said.open("w") as log:
        command = [sys.executable, "-m", "ingest.up.one", name]
        watched = subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=log)
    try:
        eventually(lambda: "gives signs of life" in said.read_text(), 60)
        child = psutil.Process(watched.pid).children()[0]
        family = [child, *child.children(recursive=True)]
        child.suspend()
        assert watched.wait(30) == guard.EXIT_STATUS, "so that a container is started again"
        assert f"{name} gives no sign of life" in said.read_text()
        assert not any(one.is_running() and one.status() != psutil.STATUS_ZOMBIE for one in family)
    finally:
        watched.kill()


@pytest.mark.parametrize("name", NAMES)
def test_each_process_gives_signs_of_life_to_systemd(name: str, env: dict[str, str], tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        systemd.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        systemd.settimeout(60)
        told = env | {"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "60000000"}
        process = subprocess.Popen([sys.executable, "-m", "ingest.up.one", name], cwd=ROOT, env=told, stderr=-3)
        try:
            for _ in range(2):
                sign, facts, _flags, _address = systemd.recvmsg(64, socket.CMSG_SPACE(12))
                assert sign == b"WATCHDOG=1"
                sender = int.from_bytes(facts[0][2][:4], sys.byteorder)
                assert sender == process.pid, "systemd hears the main process alone (NotifyAccess=main)"
        finally:
            process.send_signal(signal.SIGQUIT if name.startswith("worker") else signal.SIGTERM)
            process.wait(20)


def test_a_command_that_ends_by_itself_or_is_stopped_ends_its_guard_likewise() -> None:
    run = [sys.executable, "-m", "ingest.up.guard", "x", "60"]
    assert subprocess.run([*run, "sh", "-c", "exit 3"], cwd=ROOT).returncode == 3
    with subprocess.Popen([*run, "sleep", "60"], cwd=ROOT) as stopped:
        eventually(lambda: any(one.name() == "sleep" for one in psutil.Process(stopped.pid).children()), 20)
        stopped.send_signal(signal.SIGTERM)
        assert stopped.wait(10) == 128 + signal.SIGTERM


def test_up_starts_a_hung_process_again(tmp_path: Path) -> None:
    (tmp_path / "models").symlink_to(DATA_DIR / "models")
    with installation(tmp_path, private_env(tmp_path) | {"HUNG_SECONDS": "8"}) as site:
        for name in ("receiver", "worker-plates"):
            restarted(site, name)


def restarted(site: Installation, name: str) -> None:
    before = site.pid(name)
    os.kill(before, signal.SIGSTOP)
    eventually(lambda: site.pid(name) != before and psutil.pid_exists(site.pid(name)), 60)
    assert not psutil.pid_exists(before)
