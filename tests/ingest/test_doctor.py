"""What `manage.py doctor` finds; that a healthy installation has nothing wrong is tests/stack's."""

from __future__ import annotations

import os
import shutil
from collections import namedtuple
from datetime import timedelta
from importlib import metadata
from pathlib import Path

import pytest
import redis
from django.utils import timezone

import environment
from cameras.models import DeadLetter, Node
from ingest import doctor, queues
from ingest.doctor import machine
from ingest.up.broker import free_port

Usage = namedtuple("Usage", "total used free")


def found(name: str) -> dict[str, str]:
    """The texts of a check by their states; each that is not ok has a mend."""
    findings = doctor.examine(name)
    assert all(one.mend for one in findings if one.state != "ok"), findings
    return {one.state: one.text for one in findings}


def test_packages_are_those_that_were_tested(monkeypatch: pytest.MonkeyPatch) -> None:
    assert set(found("packages")) == {"ok"}
    real = metadata.version
    monkeypatch.setattr(metadata, "version", lambda name: "0.1" if name == "celery" else real(name))
    assert "celery 0.1 instead of" in found("packages")["warning"]


def test_debug_and_a_readable_env_file_are_told(
    data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEBUG", "true")
    environment.current.cache_clear()
    monkeypatch.setattr(machine, "BASE_DIR", tmp_path)
    (tmp_path / ".env").write_text("")
    (tmp_path / ".env").chmod(0o644)
    said = found("settings")
    assert "DEBUG is on" in said["error"] and "can be read by other users" in said["warning"]


def test_a_data_folder_that_is_not_there_or_open_to_all_is_told(data_dir: Path) -> None:
    data_dir.chmod(0o700)
    assert set(found("data folder")) == {"ok"}
    data_dir.chmod(0o755)
    assert "every user" in found("data folder")["warning"]
    (data_dir / "images").rmdir()
    assert "is not there" in found("data folder")["error"]


@pytest.mark.parametrize(("gib", "state"), [(0.5, "error"), (2, "warning"), (50, "ok")])
def test_a_disk_that_fills_is_told(data_dir: Path, monkeypatch: pytest.MonkeyPatch, gib: float, state: str) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(100 * 2**30, 0, int(gib * 2**30)))
    assert f"{gib:.1f} of 100.0 GiB" in found("disk")[state]


@pytest.mark.parametrize(("said", "state"), [("yes", "ok"), ("no", "warning")])
def test_a_clock_that_nobody_sets_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str, state: str
) -> None:
    program = tmp_path / "timedatectl"
    program.write_text(f"#!/bin/sh\necho {said}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    assert state in found("clock")


@pytest.mark.django_db
def test_servers_that_answer_are_good(broker: redis.Redis) -> None:
    assert set(found("database")) == {"ok"} and set(found("broker")) == {"ok"}
    assert set(found("clocks of the servers")) == {"ok"}


def test_a_broker_that_is_gone_is_told_once(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", f"redis://127.0.0.1:{free_port()}/0")
    environment.current.cache_clear()
    assert "does not answer" in found("broker")["error"]
    assert set(found("queues")) <= {"ok"}


def test_models_that_are_missing_are_told(data_dir: Path) -> None:
    (data_dir / "models").unlink()
    assert "models" in found("models")["error"] or "not converted" in found("models")["error"]


@pytest.mark.django_db
def test_what_waits_long_is_told(broker: redis.Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    assert found("queues") == {"ok": "nothing waits for long"}
    old = queues.Snapshot({"detect": timezone.now() - timedelta(minutes=5)}, frozenset(), frozenset())
    monkeypatch.setattr(queues, "snapshot", lambda: old)
    assert "wait in detect, the first for 300 s" in found("queues")["warning"]


@pytest.mark.django_db
def test_silence_and_what_was_set_aside_are_told() -> None:
    assert "no node has ever sent" in found("nodes")["warning"]
    node = Node.objects.create(name="gate")
    assert set(found("nodes")) == {"ok"} == set(found("set aside"))
    node.silent_since = timezone.now() - timedelta(hours=2)
    node.save()
    DeadLetter.objects.create(task="object detection", subject="1", reason="no memory")
    assert found("nodes")["warning"] == "node gate has been silent for 2.0 hours"
    assert found("set aside")["warning"].startswith("1 tasks were set aside")


def test_a_check_that_fails_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(doctor.CHECKS, "disk", lambda: iter([1 // 0]))
    assert "ZeroDivisionError" in found("disk")["error"]
