"""Receiver and forwarder when one of them is killed."""

from __future__ import annotations

import signal

import psutil

from .accounts import accounts
from .conftest import PATIENCE, Broker, Receiver, until
from .sending import cameras


def forwarder(receiver: Receiver) -> psutil.Process:
    """Its process, once it runs."""
    assert receiver.process is not None
    parent = psutil.Process(receiver.process.pid)
    until(parent.children)
    (child,) = parent.children()
    return child


def test_the_receiver_ends_with_its_forwarder_and_loses_nothing(receiver: Receiver, broker: Broker) -> None:
    broker.start()
    receiver.start()
    with cameras(receiver.address, patience=1.0, pause=0.1) as sent:
        sent.go_on()
        forwarder(receiver).kill()
        assert receiver.process is not None
        _, said = receiver.process.communicate(timeout=PATIENCE)
        assert receiver.process.returncode == 1
        receiver.start()
        sent.go_on()
    assert "ERROR receiver the receiver failed" in said
    assert "the forwarder ended by itself, with status -9" in said
    until(lambda: all(record.published_at for record in receiver.records()))
    accounts(receiver, sent).assert_balanced()


def test_the_forwarder_ends_soon_when_its_receiver_is_killed(receiver: Receiver, broker: Broker) -> None:
    broker.start()
    receiver.start()
    child = forwarder(receiver)
    with cameras(receiver.address, patience=1.0) as sent:
        sent.go_on()
        receiver.stop(signal.SIGKILL)
        child.wait(5)
