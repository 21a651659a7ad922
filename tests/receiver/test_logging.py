"""What the receiver says of the messages that it keeps."""

from __future__ import annotations

import json

import imagezmq
import numpy as np

from .conftest import JPEG, Broker, Receiver, until


def send_both(sender: imagezmq.ImageSender) -> None:
    assert sender.send_jpg("Garage cam|jpg", JPEG) == b"OK"
    assert sender.send_image("Garage cam|motion|\x1b[31mmoving\n2026-11-22", np.zeros((2, 2, 3), np.uint8)) == b"OK"


def test_it_has_a_line_for_each_message_that_it_hands_on(
    receiver: Receiver, broker: Broker, sender: imagezmq.ImageSender
) -> None:
    broker.start()
    receiver.start()
    send_both(sender)
    until(lambda: len(broker.tasks()) == 2)
    _, said = receiver.stop()
    picture, event = receiver.records()
    lines = [line.partition(" INFO ")[2] for line in said.splitlines() if "message=" in line]
    assert lines == [
        f"receiver [message={picture.id}] handed to the broker: {picture.payload['path']}",
        f"receiver [message={event.id}] handed to the broker: {event.payload['text']}",
    ]


def test_it_tells_on_debug_what_is_on_disk_before_the_broker_has_it(
    receiver: Receiver, sender: imagezmq.ImageSender
) -> None:
    receiver.start(LOG_LEVEL="DEBUG", LOG_FORMAT="json")
    send_both(sender)
    _, said = receiver.stop()
    entries = [json.loads(line) for line in said.splitlines()]
    kept = {entry["message_id"]: entry["text"] for entry in entries if "message_id" in entry}
    picture, event = receiver.records()
    assert kept == {picture.id: f"kept {picture.payload['path']}", event.id: f"kept {event.payload['text']}"}


def test_many_messages_do_not_wait_for_whoever_reads_the_log(
    receiver: Receiver, broker: Broker, sender: imagezmq.ImageSender
) -> None:
    """Nobody reads its standard error here, which is a pipe that holds some four hundred lines."""
    broker.start()
    receiver.start()
    for _ in range(800):
        assert sender.send_jpg("Garage cam|jpg", JPEG) == b"OK"
    assert len(receiver.pictures()) == 800
