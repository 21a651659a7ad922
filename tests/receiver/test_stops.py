"""Stopped and started again and again under load, the receiver leaves no sender waiting."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import zmq

from . import peer
from .conftest import JPEG, PATIENCE, Receiver
from .test_ending import Load, assert_all_kept

MANY = 80  # the hub reads 64 at once


@dataclass(frozen=True)
class Stops:
    """What so many of them did to senders that never make a new socket."""

    acknowledged: int
    hanging: int
    seconds: float


def test_three_stops_leave_no_sender_hanging(receiver: Receiver, tmp_path: Path) -> None:
    assert stop_and_start(receiver, tmp_path, 3).hanging == 0


def stop_and_start(receiver: Receiver, folder: Path, times: int) -> Stops:
    """Stop it in order under load, start it again, and see that it has what it acknowledged."""
    began = time.monotonic()
    receiver.log = folder / "receiver.log"
    receiver.start()
    load = Load(receiver, folder, PATIENCE)
    for _ in range(times):
        status, _ = receiver.stop()
        assert status == 0
        receiver.start()
        time.sleep(0.3)
    lines = load.end()
    assert "Traceback" not in receiver.said()
    assert_all_kept(receiver, lines)
    hanging = lines.count("HANGS")
    return Stops(len(lines) - hanging, hanging, time.monotonic() - began)


def test_more_senders_than_a_slow_disk_takes_at_once_are_all_answered_at_the_end(receiver: Receiver) -> None:
    receiver.module = ("tests.receiver.slow",)
    receiver.start()
    with zmq.Context() as context:
        senders = [context.socket(zmq.REQ) for _ in range(MANY)]
        for sender in senders:
            sender.connect(receiver.address)
            sender.linger = 0
        for _ in range(3):
            for sender in senders:
                sender.send_multipart([b'{"msg": "Garage cam|jpg"}', JPEG])
            time.sleep(0.2)  # it is in the middle of the first
            assert receiver.stop()[0] == 0
            receiver.start()  # for those who were not let in any more
            assert all(sender.poll(int(PATIENCE * 1000)) for sender in senders), "nobody waits for ever"
            assert {sender.recv() for sender in senders} == {b"OK"}
        for sender in senders:
            sender.close()


def test_a_sender_on_a_slow_line_is_heard_out_and_one_that_pauses_is_not_waited_for(receiver: Receiver) -> None:
    receiver.start()
    slow, paused = peer.connect(receiver.port), peer.connect(receiver.port)
    with slow, paused:
        header, jpeg = peer.frame(b'{"msg": "Garage cam|jpg"}', peer.MORE), peer.frame(JPEG + bytes(20_000))
        message = peer.frame(b"", peer.MORE) + header + jpeg
        half = len(message) // 2
        for sender in (slow, paused):
            sender.sendall(message[:half])
        assert receiver.process is not None
        receiver.process.terminate()
        for place in range(half, len(message), half // 2 + 1):
            time.sleep(0.4)
            slow.sendall(message[place : place + half // 2 + 1])
        assert slow.recv(100) == peer.frame(b"", peer.MORE) + peer.frame(b"OK")
        assert receiver.process.wait(PATIENCE) == 0
    assert len(receiver.pictures()) == 1
