"""Who was heard when."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from cameras.models import Camera, CameraAlias, Node
from ingest import liveness
from ingest.receiver_state import receiver_state

pytestmark = pytest.mark.django_db


def receiver_says(data_dir: Path, minutes_ago: float, **more: Any) -> None:
    at = (timezone.now() - timedelta(minutes=minutes_ago)).isoformat()
    heard = {"last_seen_at": at, "last_heartbeat_at": at, "heartbeats": 3, "messages": 5} | more
    state = {"updated_at": timezone.now().isoformat(), "nodes": {"gate": heard}}
    (data_dir / "run" / "receiver.json").write_text(json.dumps(state))


def test_it_takes_over_when_a_node_was_heard(data_dir: Path) -> None:
    receiver_says(data_dir, 1)
    liveness.update()
    node = Node.objects.get(name="gate")
    assert node.heartbeats == 3
    assert node.last_heartbeat_at == node.last_seen_at
    assert node.silent_since is None


def test_it_marks_a_node_that_falls_silent_and_comes_back(data_dir: Path) -> None:
    receiver_says(data_dir, 20)
    liveness.update()
    node = Node.objects.get(name="gate")
    assert node.silent_since == node.last_seen_at
    receiver_says(data_dir, 0)
    liveness.update()
    node.refresh_from_db()
    assert node.silent_since is None


def test_it_never_calls_silent_a_node_without_a_limit(data_dir: Path) -> None:
    Node.objects.create(name="gate", silent_after_minutes=0)
    receiver_says(data_dir, 600)
    liveness.update()
    assert Node.objects.get(name="gate").silent_since is None


def test_it_knows_a_receiver_that_never_ran(data_dir: Path) -> None:
    assert receiver_state() == {"alive": False}


@pytest.mark.parametrize("gone", ["retired", "merged"])
def test_it_never_calls_silent_a_node_whose_cameras_are_out_of_use(data_dir: Path, gone: str) -> None:
    node = Node.objects.create(name="gate")
    if gone == "retired":
        Camera.objects.create(node=node, view="Front", retired_at=timezone.now())
    else:
        other = Camera.objects.create(node=Node.objects.create(name="yard"), view="Front")
        CameraAlias.objects.create(node=node, view="Front", camera=other)
    receiver_says(data_dir, 20)
    liveness.update()
    assert Node.objects.get(name="gate").silent_since is None
    Camera.objects.create(node=node, view="Back")
    liveness.update()
    assert Node.objects.get(name="gate").silent_since
