"""What is learned of each node, and what is said when nothing comes."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime, timedelta

import imagezmq

from receiver.nodes import DAYS_LEARNED, Nodes

from .conftest import JPEG, Receiver, until

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def test_it_learns_the_longest_gap_of_each_of_the_last_days() -> None:
    nodes = Nodes(None)
    for day in range(9):
        for minutes in (0, 5, 5.01, 9):
            nodes.heartbeat("gate", NOON + timedelta(days=day, minutes=minutes))
    gaps = nodes.document(NOON)["gate"]["longest_gaps"]
    assert list(gaps) == [f"2026-11-{day}" for day in range(24, 31)] and len(gaps) == DAYS_LEARNED
    assert set(gaps.values()) == {(24 * 60 - 9) * 60.0}


def test_it_takes_no_pause_of_its_own_for_a_gap() -> None:
    first = Nodes(None)
    for minutes in (0, 1):
        first.message("gate", datetime.now(UTC) - timedelta(hours=2) + timedelta(minutes=minutes))
    second = Nodes(first.document(NOON))
    for seconds in (0, 5):
        second.message("gate", datetime.now(UTC) + timedelta(seconds=seconds))
    gate = second.document(NOON)["gate"]
    assert max(gate["longest_gaps"].values()) == 60.0
    assert gate["messages"] == 4


def test_it_counts_messages_a_minute_over_ten_minutes() -> None:
    nodes = Nodes(None)
    for minute in range(15):
        for _ in range(4):
            nodes.message("gate", NOON + timedelta(minutes=minute))
    paces = [nodes.document(NOON + timedelta(minutes=at))["gate"]["messages_per_minute"] for at in (14, 19, 30)]
    assert paces == [4.0, 2.0, 0.0]


def test_it_says_in_imagehubs_words_when_nothing_comes(receiver: Receiver, sender: imagezmq.ImageSender) -> None:
    receiver.start(RECEIVER_PATIENCE_MINUTES="0.02")
    log = receiver.data / "logs" / "imagehub.log"
    for _ in range(20):
        assert sender.send_jpg("gate|Heartbeat", JPEG) == b"OK"
        time.sleep(0.1)
    assert log.read_text() == "", "it was never quiet for so long"
    until(lambda: log.read_text().count("\n") == 2)
    line = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} ~ No messages received for 0\.02 minutes\.\n"
    assert re.fullmatch(line * 2, log.read_text())


def test_it_waits_ten_minutes_as_imagehub_did_and_can_be_told_to_say_nothing(receiver: Receiver) -> None:
    for patience in ("0", "10"):
        receiver.start(RECEIVER_PATIENCE_MINUTES=patience)
        time.sleep(0.3)
        assert receiver.stop()[0] == 0
    assert (receiver.data / "logs" / "imagehub.log").read_text() == ""
