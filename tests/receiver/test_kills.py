"""Killed at every point on a picture's way, the receiver has all that it acknowledged, and has it once."""

from __future__ import annotations

import json
import random
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from .accounts import Accounts, accounts
from .conftest import PATIENCE, Broker, Receiver, until
from .indexing import indexing
from .killing import POINTS, PUBLISHED
from .sending import cameras

INDEX_SECONDS = 9  # the most that the worker may be behind, for each kill
HIDDEN_ROUNDS = 2  # of so many rounds through all points one is without O_TMPFILE
REPLY_SECONDS = 0.5  # after which a camera takes its receiver for dead
PAUSE_SECONDS = 0.05


@dataclass(frozen=True)
class Toll:
    """What so many kills cost."""

    kills: Counter[str]
    accounts: Accounts
    unanswered: int
    seconds: float


def test_ten_kills_lose_nothing_and_double_nothing(receiver: Receiver, broker: Broker, tmp_path: Path) -> None:
    toll = kill_again_and_again(receiver, broker, tmp_path, 10)
    assert set(toll.kills) == set(POINTS)
    toll.accounts.assert_balanced()


def kill_again_and_again(receiver: Receiver, broker: Broker, folder: Path, kills: int) -> Toll:
    """Kill it under load, each time at the next point, and let everything come to its end."""
    began, chance, log = time.monotonic(), random.Random(kills), folder / "kills"
    broker.start()
    receiver.log = folder / "receiver.log"
    with indexing(receiver) as index:
        with cameras(receiver.address, REPLY_SECONDS, PAUSE_SECONDS) as sent:
            for number in range(kills):
                before = len(sent.acknowledged)
                kill_at(receiver, number, log, chance)
                assert len(sent.acknowledged) > before, "work went on"
            receiver.module = ("receiver",)
            receiver.start()
            sent.go_on()
        until(lambda: all(record.published_at for record in receiver.records()), kills * INDEX_SECONDS)
        wanted = len(receiver.records())
        until(lambda: index.count() >= wanted, kills * INDEX_SECONDS)
        found = accounts(receiver, sent, index)
    noted = [json.loads(line) for line in log.read_text().splitlines()]
    assert len(noted) == kills
    return Toll(Counter(one["point"] for one in noted), found, len(sent.unanswered), time.monotonic() - began)


def kill_at(receiver: Receiver, number: int, log: Path, chance: random.Random) -> None:
    """Start a receiver that gets as far as a point, some times over, and see it die there."""
    rounds, place = divmod(number, len(POINTS))
    point = list(POINTS)[place]
    nth = chance.randint(2, 8) if point == PUBLISHED else chance.randint(12, 60)
    kind = "hidden" if rounds % HIDDEN_ROUNDS else "unnamed"
    receiver.module = ("tests.receiver.killing", point, str(nth), str(log), kind, "receiver")
    process = receiver.process = receiver.spawn()
    assert process.wait(PATIENCE) == -9, f"{point}, {nth}"
    noted = json.loads(log.read_text().splitlines()[-1])
    assert (noted["point"], noted["nth"]) == (point, nth)
