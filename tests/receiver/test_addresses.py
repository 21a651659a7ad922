"""Where the receiver listens, and from where it may be reached."""

from __future__ import annotations

import signal
import socket
from pathlib import Path

import imagezmq
import numpy as np
import pytest
import zmq

from .conftest import JPEG, Receiver, free_port, patient, until


def has_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True


class IPv6Sender(imagezmq.ImageSender):  # type: ignore[misc]
    """imagezmq connects before one can say IPv6, so this connects once more."""

    def __init__(self, address: str) -> None:
        super().__init__(connect_to="inproc://nowhere")
        self.zmq_socket.disconnect("inproc://nowhere")
        self.zmq_socket.setsockopt(zmq.IPV6, 1)
        self.zmq_socket.connect(address)


needs_ipv6 = pytest.mark.skipif(not has_ipv6(), reason="this machine has no IPv6")


@needs_ipv6
def test_it_listens_on_every_address_of_a_list(receiver: Receiver) -> None:
    second, third = free_port(), free_port()
    pipe = receiver.data.parent / "hub"
    receiver.start(
        RECEIVER_ADDRESS=f"{receiver.address}, tcp://127.0.0.1:{second},tcp://[::1]:{third},ipc://{pipe}",
    )
    for address in (receiver.address, f"tcp://127.0.0.1:{second}", f"ipc://{pipe}"):
        with patient(imagezmq.ImageSender(connect_to=address)) as sender:
            assert sender.send_jpg("Garage cam|jpg", JPEG) == b"OK"
            assert sender.send_image("Garage cam|image", np.zeros((4, 5, 4), np.uint8)) == b"OK"
    with patient(IPv6Sender(f"tcp://[::1]:{third}")) as sender:
        assert sender.send_jpg("Garage cam|jpg", JPEG) == b"OK"
        assert sender.send_jpg("Garage cam|jpg", b"nothing").startswith(b"REFUSED")
    assert len(receiver.pictures()) == 7
    status, said = receiver.stop(signal.SIGTERM)
    assert status == 0
    assert "refused from ::1: not a JPEG" in said


@needs_ipv6
def test_a_star_is_ipv4_and_ipv6(receiver: Receiver) -> None:
    receiver.start(RECEIVER_ADDRESS=f"tcp://*:{receiver.port}")
    with patient(IPv6Sender(f"tcp://[::1]:{receiver.port}")) as sender:
        assert sender.send_jpg("Garage cam|jpg", JPEG) == b"OK"
    with patient(imagezmq.ImageSender(connect_to=receiver.address)) as sender:
        assert sender.send_jpg("Garage cam|jpg", b"nothing").startswith(b"REFUSED")
    assert "refused from 127.0.0.1: not a JPEG" in receiver.stop()[1]


def test_it_names_the_one_address_that_it_cannot_have(receiver: Receiver, tmp_path: Path) -> None:
    receiver.start()
    second = Receiver(tmp_path / "other")
    process = second.spawn(RECEIVER_ADDRESS=f"{second.address},{receiver.address}")
    _, said = process.communicate(timeout=20)
    assert process.returncode == 2
    [line] = said.splitlines()
    assert line.startswith(f"librarian: RECEIVER_ADDRESS='{receiver.address}' cannot be bound: Address already in use")


@pytest.mark.parametrize("allowed", ["127.0.0.0/8", "10.0.0.0/8,::1,127.0.0.1"])
def test_networks_that_are_allowed_may_send(receiver: Receiver, sender: imagezmq.ImageSender, allowed: str) -> None:
    receiver.start(RECEIVER_ALLOW=allowed)
    assert sender.send_jpg("Garage cam|jpg", JPEG) == b"OK"


def test_other_networks_are_turned_away_counted_and_logged(receiver: Receiver) -> None:
    receiver.start(RECEIVER_ALLOW="192.168.0.0/16", RECEIVER_ADDRESS=f"tcp://*:{receiver.port}")
    with imagezmq.ImageSender(connect_to=receiver.address) as sender:
        sender.zmq_socket.setsockopt(zmq.LINGER, 0)
        sender.zmq_socket.setsockopt(zmq.RCVTIMEO, 500)
        with pytest.raises(zmq.Again):
            sender.send_jpg("Garage cam|jpg", JPEG)
    until(lambda: receiver.status()["refused"].get("address outside RECEIVER_ALLOW", 0) >= 1)
    assert receiver.pictures() == []
    assert "refused from 127.0.0.1: address outside RECEIVER_ALLOW" in receiver.stop()[1]


@pytest.mark.parametrize("value", ["192.168.0.0/33", "router", "192.168.1.0/24;10.0.0.0/8"])
def test_a_network_that_is_none_stops_the_start(receiver: Receiver, value: str) -> None:
    process = receiver.spawn(RECEIVER_ALLOW=value)
    _, said = process.communicate(timeout=20)
    assert process.returncode == 2
    [line] = said.splitlines()
    assert line.startswith(f"librarian: RECEIVER_ALLOW={value!r} cannot be used: it wants")
