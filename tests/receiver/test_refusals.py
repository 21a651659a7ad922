from __future__ import annotations

import json
import os
import resource
from collections.abc import Callable

import imagezmq
import pytest
import zmq

from .conftest import JPEG, Receiver, until

BAD = [
    [b""],
    [b"{}"],
    [b"{}", JPEG],
    [b"\x00\xff", JPEG],
    [b"[" * 4000, JPEG],
    [b'{"msg": 1}', JPEG],
    [b'{"msg": "Garage cam|jpg"}', b""],
    [b'{"msg": "Garage cam|jpg"}', b"text"],
    [b'{"msg": "Garage cam|jpg"}', JPEG, JPEG],
    [b'{"msg": "' + b"x" * 5000 + b'|jpg"}', JPEG],
    [b'{"msg": "|jpg"}', JPEG],
    [b'{"msg": "Garage|image", "dtype": "uint8", "shape": [1000000, 1000000, 3]}', b"\x00"],
    [b'{"msg": "Garage|image", "dtype": "object", "shape": [1, 1]}', b"\x00"],
    [b"x"] * 80,
]


def test_it_answers_bad_requests_and_goes_on(
    receiver: Receiver, ask: Callable[..., bytes], sender: imagezmq.ImageSender
) -> None:
    receiver.start()
    for frames in BAD:
        assert ask(*frames).startswith(b"REFUSED "), frames
        assert sender.send_jpg("Garage cam|jpg", JPEG) == b"OK"
    assert len(receiver.pictures()) == len(BAD)
    until(lambda: sum(receiver.status()["refused"].values()) == len(BAD))
    status, said = receiver.stop()
    assert status == 0
    assert "Traceback" not in said
    assert all(line.isprintable() for line in said.splitlines())


@pytest.mark.parametrize("name", ["../../up x", "/etc/passwd x", "a\x00b x", "a\nb x", "... x", "..\\.. ..", ".hidden"])
def test_it_keeps_a_picture_inside_its_folder_whatever_the_name(
    receiver: Receiver, ask: Callable[..., bytes], name: str
) -> None:
    receiver.start()
    assert ask(json.dumps({"msg": f"{name}|jpg"}).encode(), JPEG) == b"OK"
    files = [path for path in receiver.data.parent.rglob("*.jpg") if path.is_file()]
    assert files == receiver.pictures()
    assert len(files) == 1
    assert files[0].name.isprintable()
    assert not files[0].name.startswith(".")


def test_it_ends_the_connection_of_a_frame_above_the_limit_and_serves_others(
    receiver: Receiver, sender: imagezmq.ImageSender
) -> None:
    receiver.start(RECEIVER_MAX_FRAME="1MiB")
    with zmq.Context() as context, context.socket(zmq.REQ) as big:
        big.setsockopt(zmq.LINGER, 0)
        big.setsockopt(zmq.RCVTIMEO, 300)
        big.connect(receiver.address)
        big.send_multipart([b'{"msg": "Garage cam|jpg"}', JPEG + bytes(2 * 1024 * 1024)])
        with pytest.raises(zmq.Again):
            big.recv()
    assert sender.send_jpg("Garage cam|jpg", JPEG) == b"OK"
    assert len(receiver.pictures()) == 1


def test_it_survives_peers_that_speak_no_zeromq(receiver: Receiver, sender: imagezmq.ImageSender) -> None:
    import socket

    receiver.start()
    for noise in (b"", b"GET / HTTP/1.1\r\n\r\n", os.urandom(4096), b"\xff" + bytes(8) + b"\x7f"):
        with socket.create_connection(("127.0.0.1", receiver.port)) as peer:
            peer.sendall(noise)
            assert sender.send_jpg("Garage cam|jpg", JPEG) == b"OK"


def test_it_answers_a_peer_that_sends_no_delimiter(receiver: Receiver, sender: imagezmq.ImageSender) -> None:
    receiver.start()
    with zmq.Context() as context, context.socket(zmq.DEALER) as dealer:
        dealer.setsockopt(zmq.LINGER, 0)
        dealer.setsockopt(zmq.RCVTIMEO, 10_000)
        dealer.connect(receiver.address)
        dealer.send_multipart([b"no", b"delimiter"])
        assert dealer.recv_multipart() == [b"", b"REFUSED no empty delimiter"]
    assert sender.send_jpg("Garage cam|jpg", JPEG) == b"OK"


def test_it_refuses_while_files_cannot_grow_and_recovers(receiver: Receiver, sender: imagezmq.ImageSender) -> None:
    receiver.start()
    assert receiver.process is not None
    assert sender.send_jpg("Garage cam|jpg", JPEG) == b"OK"
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.prlimit(receiver.process.pid, resource.RLIMIT_FSIZE, (64, hard))
    assert sender.send_jpg("Garage cam|jpg", JPEG) == b"REFUSED disk full"
    assert sender.send_jpg("Garage cam|motion|moving", JPEG).startswith(b"REFUSED")
    resource.prlimit(receiver.process.pid, resource.RLIMIT_FSIZE, (hard, hard))
    assert sender.send_jpg("Garage cam|jpg", JPEG) == b"OK"
    assert sender.send_jpg("Garage cam|motion|moving", JPEG) == b"OK"
    assert len(receiver.pictures()) == 2
    assert len(receiver.records()) == 3
    assert list(receiver.data.rglob("*.part")) == []
