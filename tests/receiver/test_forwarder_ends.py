"""Receiver and forwarder when one of them is killed."""

from __future__ import annotations

import signal
from pathlib import Path

import psutil

from .accounts import accounts
from .conftest import Broker, Receiver, until
from .sending import cameras


def forwarder(receiver: Receiver) -> psutil.Process:
    """Its process, once it runs."""
    assert receiver.process is not None
    parent = psutil.Process(receiver.process.pid)
    until(lambda: any(child.status() != psutil.STATUS_ZOMBIE for child in parent.children()))
    return parent.children()[-1]


def test_the_receiver_goes_on_without_its_forwarder_and_starts_it_again(
    receiver: Receiver, broker: Broker, tmp_path: Path
) -> None:
    broker.start()
    receiver.log = tmp_path / "receiver.log"
    receiver.start()
    with cameras(receiver.address, patience=5.0) as sent:
        for _ in range(2):
            first = forwarder(receiver)
            sent.go_on()
            first.kill()
            sent.go_on()
            until(lambda: forwarder(receiver).pid != first.pid)  # noqa: B023  called at once
    assert not sent.unanswered
    until(lambda: all(record.published_at for record in receiver.records()))
    assert receiver.stop()[0] == 0
    said = receiver.said()
    assert said.count("the forwarder ended with status -9; pictures are stored, and it is started again") == 2
    accounts(receiver, sent).assert_balanced()


def test_the_forwarder_ends_soon_when_its_receiver_is_killed(receiver: Receiver, broker: Broker) -> None:
    broker.start()
    receiver.start()
    child = forwarder(receiver)
    with cameras(receiver.address, patience=1.0) as sent:
        sent.go_on()
        receiver.stop(signal.SIGKILL)
        child.wait(5)
