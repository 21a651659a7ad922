"""Cameras send on at their usual pace while the broker is away for longer, and all of it is published in the end."""

from __future__ import annotations

import signal
import time
from pathlib import Path

import pytest

from .accounts import accounts
from .conftest import Broker, Receiver, until
from .sending import Cameras, cameras

AWAY_SECONDS = 6.0
LONGEST_SECONDS = 3.0
PAUSE = 0.05


@pytest.mark.parametrize("hangs", [True, False])
def test_storing_goes_on_while_the_broker_is_away(
    receiver: Receiver, broker: Broker, tmp_path: Path, hangs: bool
) -> None:
    receiver.log = tmp_path / "log"
    if hangs:
        broker.start()
    receiver.start()
    with cameras(receiver.address, pause=PAUSE) as sent:
        sent.go_on()
        if hangs:
            until(lambda: receiver.status()["broker"]["connected"])
            assert broker.process is not None
            broker.process.send_signal(signal.SIGSTOP)
        while_it_is_away(receiver, sent)
        if hangs and broker.process:
            broker.process.send_signal(signal.SIGCONT)
        else:
            broker.start()
        sent.go_on()
    until(lambda: all(record.published_at for record in receiver.records()))
    assert {task["headers"]["id"] for task in broker.tasks()} == {record.id for record in receiver.records()}
    assert (sent.refused, sent.unanswered) == ([], [])
    assert sent.longest < LONGEST_SECONDS
    accounts(receiver, sent).assert_balanced()


def while_it_is_away(receiver: Receiver, sent: Cameras) -> None:
    """See that each camera is answered again and again."""
    back = time.monotonic() + AWAY_SECONDS
    while time.monotonic() < back:
        sent.go_on()
    assert not receiver.status()["broker"]["connected"]
    until(lambda: receiver.status()["outbox"]["unpublished"])
