"""The second address is guarded as the first one is."""

from __future__ import annotations

import json
from collections.abc import Iterator

import imagezmq
import pytest
import redis
import zmq

from curve_keys import KeyFolder
from receiver.live_keys import WATCHED, list_key

from .conftest import JPEG, Broker, Receiver, free_port, patient, until

LIVE = "Garage front|jpg"


@pytest.fixture
def live_port(receiver: Receiver) -> int:
    port = free_port()
    receiver.settings |= {"RECEIVER_LIVE_ADDRESS": f"tcp://127.0.0.1:{port}", "RECEIVER_LIVE_KEEP_SECONDS": "0.01"}
    return port


@pytest.fixture
def client(broker: Broker) -> Iterator[redis.Redis]:
    broker.start()
    with redis.Redis(port=broker.port) as made:
        yield made


def gets_no_answer(address: str) -> bool:
    with imagezmq.ImageSender(connect_to=address) as sender:
        sender.zmq_socket.setsockopt(zmq.LINGER, 0)
        sender.zmq_socket.setsockopt(zmq.RCVTIMEO, 500)
        with pytest.raises(zmq.Again):
            sender.send_jpg(LIVE, JPEG)
    return True


def test_networks_that_are_not_allowed_get_in_at_neither_address(receiver: Receiver, live_port: int) -> None:
    receiver.start(RECEIVER_ALLOW="192.168.0.0/16")
    assert gets_no_answer(receiver.address)
    until(lambda: receiver.status()["refused"].get("address outside RECEIVER_ALLOW", 0) >= 1)
    before = receiver.status()["refused"]["address outside RECEIVER_ALLOW"]
    assert gets_no_answer(f"tcp://127.0.0.1:{live_port}")
    until(lambda: receiver.status()["refused"]["address outside RECEIVER_ALLOW"] > before)
    assert receiver.status()["received"] == 0
    assert receiver.stop()[0] == 0


def test_the_same_keys_are_good_at_both_addresses(receiver: Receiver, live_port: int) -> None:
    public, secret = zmq.curve_keypair()
    live, plain = f"curve://127.0.0.1:{live_port}", f"tcp://127.0.0.1:{free_port()}"
    keys = KeyFolder(receiver.data / "curve")
    first = free_port()
    receiver.start(
        RECEIVER_ADDRESS=f"{receiver.address},curve://127.0.0.1:{first}", RECEIVER_LIVE_ADDRESS=f"{plain},{live}"
    )
    for address in (receiver.address, plain):
        with patient(imagezmq.ImageSender(connect_to=address)) as sender:
            assert sender.send_jpg(LIVE, JPEG) == b"OK"
    keys.authorise("gate", public)
    with zmq.Context() as context:
        for port in (first, live_port):
            socket = context.socket(zmq.REQ)
            socket.setsockopt(zmq.LINGER, 0)
            socket.setsockopt(zmq.RCVTIMEO, 20_000)
            socket.curve_serverkey, socket.curve_publickey, socket.curve_secretkey = keys.server()[0], public, secret
            socket.connect(f"tcp://127.0.0.1:{port}")
            socket.send_multipart([json.dumps({"msg": LIVE}).encode(), JPEG])
            assert socket.recv() == b"OK"
            keys.remove("gate")
            socket.send_multipart([json.dumps({"msg": LIVE}).encode(), JPEG])
            assert socket.recv() == b"REFUSED unknown CURVE key"
            socket.close()
            keys.authorise("gate", public)
    assert gets_no_answer(f"tcp://127.0.0.1:{live_port}"), "not encrypted"
    assert receiver.stop()[0] == 0


def test_what_is_kept_of_a_live_camera_counts_for_its_node_and_what_is_shown_does_not(
    receiver: Receiver, live_port: int
) -> None:
    (receiver.data / "run").mkdir(parents=True)
    limits = {"Garage": {"max_images_per_day": 2, "max_images_per_minute": 0}}
    (receiver.data / "run" / "node_settings.json").write_text(json.dumps({"nodes": limits}))
    refused = b"REFUSED over the node's limit of pictures a day"
    receiver.start(RECEIVER_LIVE_KEEP_SECONDS="1000")
    with patient(imagezmq.ImageSender(connect_to=f"tcp://127.0.0.1:{live_port}")) as sender:
        assert [sender.send_jpg(LIVE, JPEG) for _ in range(5)] == [b"OK"] * 5, "one is kept"
        with patient(imagezmq.ImageSender(connect_to=receiver.address)) as other:
            assert [other.send_jpg(LIVE, JPEG) for _ in range(2)] == [b"OK", refused]
        assert sender.send_jpg("Garage back|jpg", JPEG) == refused, "the first of this camera would be kept"
    assert receiver.stop()[0] == 0
    assert len(receiver.pictures()) == 2
    assert receiver.status()["nodes"]["Garage"]["refused"] == {refused.decode()[8:]: 2}


def test_a_frame_above_the_limit_ends_the_connection_there_too(receiver: Receiver, live_port: int) -> None:
    receiver.start(RECEIVER_MAX_FRAME="1MiB")
    with imagezmq.ImageSender(connect_to=f"tcp://127.0.0.1:{live_port}") as sender:
        sender.zmq_socket.setsockopt(zmq.LINGER, 0)
        sender.zmq_socket.setsockopt(zmq.RCVTIMEO, 500)
        with pytest.raises(zmq.Again):
            sender.send_jpg(LIVE, JPEG + bytes(3_000_000))
    until(lambda: receiver.status()["refused"].get("frame above RECEIVER_MAX_FRAME", 0) >= 1)
    assert receiver.stop()[0] == 0


def test_test_images_of_nodes_that_publish_are_shown_each_by_itself(receiver: Receiver, client: redis.Redis) -> None:
    ports = [free_port(), free_port()]
    cameras = [imagezmq.ImageSender(connect_to=f"tcp://*:{port}", REQ_REP=False) for port in ports]
    client.set(WATCHED, 1, ex=60)
    receiver.start(RECEIVER_SUBSCRIBE=",".join(f"tcp://127.0.0.1:{port}" for port in ports))
    until(lambda: all(one["connected"] for one in receiver.status()["subscriptions"].values()))

    def shown() -> set[str]:
        cameras[0].send_jpg("gate|Heartbeat", JPEG)
        for camera in cameras:
            camera.send_jpg("ROI", JPEG)
        return {one["sender"] for one in json.loads(client.get(list_key("hub")) or "[]")}

    until(lambda: len(shown()) == 2 and "gate" in shown())
    for camera in cameras:
        camera.close()
