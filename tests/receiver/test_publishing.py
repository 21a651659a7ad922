"""Cameras that publish, in imagezmq's second mode."""

from __future__ import annotations

import time
import urllib.request
from collections.abc import Callable, Iterator

import imagezmq
import numpy as np
import pytest

from .conftest import JPEG, Receiver, free_port, until


class Camera:
    """imagezmq's sender in PUB/SUB, that can go and come back."""

    def __init__(self) -> None:
        self.port = free_port()
        self.address = f"tcp://127.0.0.1:{self.port}"
        self.start()

    def start(self) -> None:
        self.sender = imagezmq.ImageSender(connect_to=f"tcp://*:{self.port}", REQ_REP=False)

    def stop(self) -> None:
        self.sender.close()


@pytest.fixture
def cameras() -> Iterator[list[Camera]]:
    made = [Camera(), Camera()]
    yield made
    for camera in made:
        camera.stop()


def connected(receiver: Receiver, camera: Camera) -> Callable[[], bool]:
    def true() -> bool:
        return bool(receiver.status()["subscriptions"][camera.address]["connected"])

    return true


@pytest.fixture
def subscribed(receiver: Receiver, cameras: list[Camera]) -> Receiver:
    receiver.start(RECEIVER_SUBSCRIBE=",".join(camera.address for camera in cameras))
    for camera in cameras:
        until(connected(receiver, camera))
    time.sleep(0.3)  # until the subscription has reached the camera
    return receiver


def test_it_keeps_what_cameras_publish_beside_what_others_send(
    subscribed: Receiver, cameras: list[Camera], sender: imagezmq.ImageSender
) -> None:
    for n, camera in enumerate(cameras):
        camera.sender.send_jpg(f"Pub{n} cam|jpg", JPEG)
        camera.sender.send_image(f"Pub{n} cam|image", np.full((4, 5, 3), 9, np.uint8))
        camera.sender.send_image(f"Pub{n} cam|motion|moving", np.zeros((1, 1), np.uint8))
        camera.sender.send_jpg(f"Pub{n}|Heartbeat", JPEG)
    assert sender.send_jpg("Garage cam|jpg", JPEG) == b"OK"
    until(lambda: len(subscribed.pictures()) == 5)
    until(lambda: subscribed.status()["received"] == 9)
    status = subscribed.status()
    assert (status["stored"], status["events"], status["heartbeats"]) == (5, 2, 2)
    assert [status["subscriptions"][camera.address]["messages"] for camera in cameras] == [4, 4]
    assert len(subscribed.records()) == 7


def test_it_refuses_and_counts_what_is_no_message(subscribed: Receiver, cameras: list[Camera]) -> None:
    cameras[0].sender.send_jpg("Pub cam|jpg", b"nothing")
    cameras[0].sender.zmq_socket.send_multipart([b"x"] * 80)
    cameras[0].sender.send_jpg("Pub cam|jpg", JPEG)
    until(lambda: len(subscribed.pictures()) == 1)
    until(lambda: subscribed.status()["refused"] == {"not a JPEG": 1, "not two frames": 1})
    status, said = subscribed.stop()
    assert status == 0
    assert "refused from 127.0.0.1: not a JPEG" in said


def test_it_comes_back_to_a_camera_that_was_away_and_counts_the_gap(
    subscribed: Receiver, cameras: list[Camera]
) -> None:
    camera = cameras[0]
    camera.stop()
    until(lambda: not connected(subscribed, camera)())
    camera.start()
    until(connected(subscribed, camera))
    time.sleep(0.3)
    camera.sender.send_jpg("Pub cam|jpg", JPEG)
    until(lambda: len(subscribed.pictures()) == 1)
    assert subscribed.status()["subscriptions"][camera.address]["gaps"] == 1
    assert subscribed.status()["subscriptions"][cameras[1].address]["gaps"] == 0


def test_its_metrics_tell_of_gaps_and_of_refusals_by_node(
    receiver: Receiver, cameras: list[Camera], sender: imagezmq.ImageSender
) -> None:
    camera, port = cameras[0], free_port()
    receiver.start(RECEIVER_SUBSCRIBE=camera.address, RECEIVER_METRICS_ADDRESS=f"127.0.0.1:{port}")
    until(connected(receiver, camera))
    assert sender.send_jpg("Garage cam|jpg", JPEG) == b"OK"
    assert sender.send_jpg("Garage cam|jpg", b"nothing") == b"REFUSED not a JPEG"
    camera.stop()
    until(lambda: not connected(receiver, camera)())
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=20) as answer:
        text = answer.read().decode()
    for line in (
        'refused_total{reason="not a JPEG"} 1.0',
        'node_refused_total{node="Garage",reason="not a JPEG"} 1.0',
        f'subscription_connected{{address="{camera.address}"}} 0.0',
        f'subscription_messages_total{{address="{camera.address}"}} 0.0',
        f'subscription_gaps_total{{address="{camera.address}"}} 1.0',
    ):
        assert f"librarian_receiver_{line}" in text, line


def test_a_camera_that_is_not_there_holds_up_nobody(receiver: Receiver, sender: imagezmq.ImageSender) -> None:
    receiver.start(RECEIVER_SUBSCRIBE=f"tcp://127.0.0.1:{free_port()},tcp://no-such-camera.invalid:5555")
    for _ in range(20):
        assert sender.send_jpg("Garage cam|jpg", JPEG) == b"OK"
    assert receiver.stop()[0] == 0


def test_a_frame_above_the_limit_ends_the_subscription_and_it_is_made_again(
    receiver: Receiver, cameras: list[Camera]
) -> None:
    camera = cameras[0]
    receiver.start(RECEIVER_SUBSCRIBE=camera.address, RECEIVER_MAX_FRAME="1MiB")
    until(connected(receiver, camera))
    time.sleep(0.3)
    camera.sender.send_jpg("Pub cam|jpg", JPEG + bytes(3_000_000))
    until(lambda: receiver.status()["refused"] == {"frame above RECEIVER_MAX_FRAME": 1})
    until(connected(receiver, camera))
    time.sleep(0.5)
    camera.sender.send_jpg("Pub cam|jpg", JPEG)
    until(lambda: len(receiver.pictures()) == 1)


def test_an_address_that_is_none_stops_the_start(receiver: Receiver) -> None:
    process = receiver.spawn(RECEIVER_SUBSCRIBE="pi1:5555")
    _, said = process.communicate(timeout=20)
    assert process.returncode == 2
    assert said.startswith("librarian: RECEIVER_SUBSCRIBE='pi1:5555' cannot be used: it wants the address of a camera")
