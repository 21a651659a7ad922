"""Who was heard when."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from cameras.models import Camera, CameraAlias, Event, Node
from ingest import liveness
from ingest.receiver_state import own_state, receiver_state, receiver_states

pytestmark = pytest.mark.django_db


def receiver_says(data_dir: Path, minutes_ago: float, **more: Any) -> None:
    at = (timezone.now() - timedelta(minutes=minutes_ago)).isoformat()
    heard = {"last_seen_at": at, "last_heartbeat_at": at, "heartbeats": 3, "messages": 5} | more
    write_state(data_dir / "run" / "receiver.json", nodes={"gate": heard})


def write_state(file: Path, **facts: Any) -> None:
    """What a receiver writes that began long ago and is alive."""
    now = timezone.now()
    state = {"updated_at": now.isoformat(), "started_at": (now - timedelta(days=3)).isoformat()}
    file.write_text(json.dumps(state | facts))


def events() -> list[tuple[str, str]]:
    return list(Event.objects.order_by("at").values_list("kind", "value"))


def known_for_days() -> None:
    Node.objects.update(created_at=timezone.now() - timedelta(days=9))


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
    assert events() == [("silent", "after 20 min"), ("back", "after 20 min")]


def test_it_reports_a_silence_once_however_often_it_looks(data_dir: Path) -> None:
    receiver_says(data_dir, 20)
    for _ in range(3):
        liveness.update()
    assert len(events()) == 1


def test_a_short_blip_is_no_silence(data_dir: Path) -> None:
    for minutes in (4, 0, 14, 0):
        receiver_says(data_dir, minutes)
        liveness.update()
    assert events() == []


@pytest.mark.parametrize(
    ("usual", "minutes", "silent"),
    [(2, 4, False), (2, 6, True), (600, 29, False), (600, 31, True), (28800, 600, False)],
)
def test_a_node_may_be_silent_for_three_times_its_usual_gap(
    data_dir: Path, usual: float, minutes: float, silent: bool
) -> None:
    receiver_says(data_dir, 0, longest_gaps={"2026-11-20": usual, "2026-11-21": 90000.0, "2026-11-22": usual})
    liveness.update()
    known_for_days()
    days = {"2026-11-20": usual, "2026-11-21": 90000.0, "2026-11-22": usual, "2026-11-23": 0.1}
    receiver_says(data_dir, minutes, longest_gaps=days)
    Node.objects.update(last_seen_at=None)
    liveness.update()
    assert bool(Node.objects.get().silent_since) == silent


def test_a_setting_of_the_node_goes_before_what_is_usual(data_dir: Path) -> None:
    Node.objects.create(name="gate", silent_after_minutes=2)
    receiver_says(data_dir, 3, longest_gaps={"2026-11-22": 3600.0})
    liveness.update()
    assert Node.objects.get().silent_since
    Node.objects.update(silent_after_minutes=None)
    liveness.update()
    assert Node.objects.get().silent_since is None
    assert [kind for kind, _ in events()] == ["silent"], "it was not heard again"


def test_nobody_is_silent_while_nobody_listens(data_dir: Path) -> None:
    receiver_says(data_dir, 0)
    liveness.update()
    long_ago, now = (timezone.now() - timedelta(hours=2)).isoformat(), timezone.now().isoformat()
    heard = {"last_seen_at": long_ago, "heartbeats": 3, "messages": 5}
    Node.objects.update(last_seen_at=datetime.fromisoformat(long_ago))
    file = data_dir / "run" / "receiver.json"
    for times in ({"updated_at": long_ago}, {"updated_at": now, "started_at": now}):
        write_state(file, nodes={"gate": heard}, **times)
        liveness.update()
        assert Node.objects.get().silent_since is None
    write_state(file, nodes={"gate": heard})
    liveness.update()
    assert Node.objects.get().silent_since


def test_it_takes_over_how_much_a_node_sends(data_dir: Path) -> None:
    receiver_says(data_dir, 0, messages=120, messages_per_minute=3.5, longest_gaps={"2026-11-22": 61.0})
    liveness.update()
    node = Node.objects.get()
    assert (node.messages, node.messages_per_minute, node.usual_gap_seconds) == (120, 3.5, 61.0)


def test_several_receivers_are_one_to_the_nodes(data_dir: Path) -> None:
    now, before = timezone.now(), timezone.now() - timedelta(minutes=20)
    for name, at in (("hub", before), ("barn", now)):
        node = {"last_seen_at": at.isoformat(), "heartbeats": 1, "messages": 2}
        own = {name: node, "both": node}
        write_state(data_dir / "run" / f"receiver-{name}.json", id=name, nodes=own, received=7, refused={"x": 1})
    (data_dir / "run" / "receiver.json").symlink_to("receiver-hub.json")
    liveness.update()
    assert set(Node.objects.exclude(silent_since=None).values_list("name", flat=True)) == {"hub"}
    state = receiver_state()
    assert (state["id"], state["received"], state["refused"], state["alive"]) == ("hub", 14, {"x": 2}, True)
    assert set(state["nodes"]) == {"hub", "barn", "both"} and json.dumps(state), "it can be told as JSON"
    assert set(state["receivers"]) == {"hub", "barn"} and own_state()["received"] == 7


def test_a_receiver_that_has_ended_hides_the_silence_of_its_own_nodes_alone(data_dir: Path) -> None:
    at = timezone.now() - timedelta(minutes=40)
    for name, updated in (("hub", timezone.now()), ("barn", at)):
        nodes = {f"of-{name}": {"last_seen_at": at.isoformat()}}
        write_state(data_dir / "run" / f"receiver-{name}.json", id=name, nodes=nodes, updated_at=updated.isoformat())
    liveness.update()
    assert [node.name for node in Node.objects.exclude(silent_since=None)] == ["of-hub"]


def test_a_receiver_that_was_taken_out_of_use_is_forgotten_after_a_day(data_dir: Path) -> None:
    for name, hours in (("hub", 0), ("barn", 2), ("old", 30)):
        at = (timezone.now() - timedelta(hours=hours)).isoformat()
        write_state(data_dir / "run" / f"receiver-{name}.json", id=name, updated_at=at)
    assert [one["id"] for one in receiver_states()] == ["barn", "hub"]
    assert receiver_state()["alive"] is False


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
