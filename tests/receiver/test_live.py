"""Pictures that are shown and not stored."""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import imagezmq
import numpy as np
import pytest
import redis
import simplejpeg
import zmq

from receiver.live_keys import WATCHED, list_key, picture_key

from .conftest import JPEG, PATIENCE, Broker, Receiver, free_port, patient, until

OTHER: bytes = simplejpeg.encode_jpeg(np.full((24, 32, 3), 200, np.uint8), 90)


@pytest.fixture
def client(broker: Broker) -> Iterator[redis.Redis]:
    with redis.Redis(port=broker.port) as made:
        yield made


def shown(client: redis.Redis, receiver_id: str = "hub") -> list[dict[str, Any]]:
    return json.loads(client.get(list_key(receiver_id)) or "[]")  # type: ignore[no-any-return]


def watched(client: redis.Redis, seconds: int = 60) -> None:
    client.set(WATCHED, 1, ex=seconds)
    time.sleep(1.5)  # the receiver looks every second


def jpeg(client: redis.Redis, one: dict[str, Any]) -> bytes | None:
    return client.get(picture_key("hub", one["slot"]))  # type: ignore[return-value]  # of a client that does not decode


def test_it_shows_the_newest_of_each_name_while_somebody_looks_and_stores_nothing(
    receiver: Receiver, broker: Broker, client: redis.Redis, sender: imagezmq.ImageSender
) -> None:
    broker.start()
    receiver.start()
    assert sender.send_jpg("ROI", JPEG) == b"OK"
    time.sleep(1.5)
    assert client.keys("librarian:live:*") == [], "nobody looked"
    watched(client)
    for picture in (JPEG, OTHER):
        assert sender.send_jpg("ROI", picture) == b"OK"
    assert sender.send_image("Grayscale", np.full((20, 30), 77, np.uint8)) == b"OK"
    until(lambda: {one["name"] for one in shown(client)} == {"ROI", "Grayscale"})
    by_name = {one["name"]: one for one in shown(client)}
    assert jpeg(client, by_name["ROI"]) == OTHER
    assert simplejpeg.decode_jpeg(jpeg(client, by_name["Grayscale"]), "GRAY").shape == (20, 30, 1)
    assert all(one["kind"] == "tuning" and one["peer"] == "127.0.0.1" for one in by_name.values())
    assert 0 < client.pttl(list_key("hub")) <= 10_000
    assert receiver.pictures() == [] and receiver.records() == [] and client.llen("ingest") == 0
    assert receiver.stop()[0] == 0
    assert receiver.status()["tuning"] == 4


def test_two_nodes_that_are_tuned_at_once_stay_apart_and_have_names_once_they_said_them(
    receiver: Receiver, broker: Broker, client: redis.Redis, sender: imagezmq.ImageSender
) -> None:
    broker.start()
    receiver.start()
    other = patient(imagezmq.ImageSender(connect_to=f"tcp://127.0.0.2:0;127.0.0.1:{receiver.port}"))
    watched(client)
    assert sender.send_jpg("gate|Restart|gatepi|Linux|127.0.0.1|900|1", JPEG) == b"OK"
    assert sender.send_jpg("ROI", JPEG) == b"OK"
    assert other.send_jpg("ROI", OTHER) == b"OK"
    until(lambda: len(shown(client)) == 2)
    other.close()
    by_sender = {one["sender"]: one for one in shown(client)}
    assert set(by_sender) == {"gate", "127.0.0.2"}
    assert (jpeg(client, by_sender["gate"]), jpeg(client, by_sender["127.0.0.2"])) == (JPEG, OTHER)


def test_two_that_come_from_one_address_stay_apart_too(
    receiver: Receiver, broker: Broker, client: redis.Redis, sender: imagezmq.ImageSender
) -> None:
    broker.start()
    receiver.start()
    other = patient(imagezmq.ImageSender(connect_to=receiver.address))
    watched(client)
    for one in (sender, other):
        assert one.send_jpg("ROI", JPEG) == b"OK"
    until(lambda: [one["sender"] for one in shown(client)] == ["127.0.0.1", "127.0.0.1 (2)"])
    other.close()


def test_nobody_waits_for_a_broker_that_hangs_or_is_gone(
    receiver: Receiver, broker: Broker, client: redis.Redis, sender: imagezmq.ImageSender
) -> None:
    broker.start()
    receiver.start()
    watched(client)
    assert broker.process
    for number in (signal.SIGSTOP, signal.SIGKILL):
        broker.process.send_signal(number)
        slowest = 0.0
        for _ in range(60):
            began = time.monotonic()
            assert sender.send_jpg("ROI", JPEG) == b"OK"
            slowest = max(slowest, time.monotonic() - began)
            time.sleep(0.02)
        assert slowest < 0.3
    broker.process.wait()
    broker.start()
    watched(client)
    assert sender.send_jpg("ROI", JPEG) == b"OK"
    until(lambda: len(shown(client)) == 1)


def test_what_is_too_large_is_named_and_floods_of_names_end_somewhere(
    receiver: Receiver, broker: Broker, client: redis.Redis, sender: imagezmq.ImageSender
) -> None:
    broker.start()
    receiver.start()
    watched(client)
    for number in range(60):
        assert sender.send_jpg(f"{number} Contours", JPEG) == b"OK"
    until(lambda: len(shown(client)) == 24)
    until(lambda: shown(client) == [])
    watched(client)
    assert sender.send_jpg("ROI", JPEG + bytes(3 * 2**20)) == b"OK"
    until(lambda: [one.get("problem", "")[:15] for one in shown(client)] == ["It is too large"])
    assert jpeg(client, shown(client)[0]) is None


def test_pictures_stay_out_of_the_brokers_file(
    receiver: Receiver, tmp_path: Path, broker: Broker, client: redis.Redis, sender: imagezmq.ImageSender
) -> None:
    broker.start()
    client.config_set("appendonly", "yes")
    receiver.start()
    watched(client)
    assert sender.send_jpg("ROI", JPEG) == b"OK"
    until(lambda: len(shown(client)) == 1)
    client.config_set("appendfsync", "always")
    client.set("mark", "stands in the file")
    written = b"".join(file.read_bytes() for file in tmp_path.rglob("*.aof"))
    assert b"stands in the file" in written and JPEG[-40:] not in written and b"ROI" not in written


@pytest.fixture
def live_address(receiver: Receiver) -> str:
    receiver.settings["RECEIVER_LIVE_ADDRESS"] = address = f"tcp://127.0.0.1:{free_port()}"
    return address


def test_the_second_address_shows_cameras_and_keeps_one_picture_in_a_while(
    receiver: Receiver, live_address: str, broker: Broker, client: redis.Redis
) -> None:
    broker.start()
    receiver.start(RECEIVER_LIVE_KEEP_SECONDS="2")
    watched(client)
    with patient(imagezmq.ImageSender(connect_to=live_address)) as sender:
        began = time.monotonic()
        sent = 0
        while time.monotonic() - began < 3:
            for camera in ("Garage front", "Garage back"):
                assert sender.send_jpg(f"{camera}|jpg", JPEG) == b"OK"
                sent += 1
        until(
            lambda: {(one["node"], one["view"]) for one in shown(client)} == {("Garage", "front"), ("Garage", "back")}
        )
        assert {one["kind"] for one in shown(client)} == {"camera"}
        assert sender.send_jpg("Garage|Temp|76 F", JPEG) == b"OK"
        assert sender.send_jpg("Garage front|jpg", b"not one") == b"REFUSED not a JPEG"
    assert receiver.stop()[0] == 0
    assert len(receiver.pictures()) == 4, "two of each camera in three seconds"
    assert sorted(record.payload["kind"] for record in receiver.records()) == ["event", *["image"] * 4]
    status = receiver.status()
    assert (status["live"], status["stored"], status["events"]) == (sent - 4, 4, 1)
    assert status["nodes"]["Garage"]["messages"] == sent + 1


def test_the_second_address_keeps_nothing_where_it_is_told_so(receiver: Receiver, live_address: str) -> None:
    receiver.start(RECEIVER_LIVE_KEEP_SECONDS="0")
    with patient(imagezmq.ImageSender(connect_to=live_address)) as sender:
        for _ in range(5):
            assert sender.send_jpg("Garage front|jpg", JPEG) == b"OK"
    with patient(imagezmq.ImageSender(connect_to=receiver.address)) as sender:
        assert sender.send_jpg("Garage front|jpg", JPEG) == b"OK"
    assert receiver.stop()[0] == 0
    assert len(receiver.pictures()) == 1


def test_a_stop_answers_who_waits_at_either_address(receiver: Receiver, live_address: str) -> None:
    receiver.start()
    context = zmq.Context()
    sockets = []
    for address in (receiver.address, live_address) * 3:
        socket = context.socket(zmq.REQ)
        socket.setsockopt(zmq.LINGER, 0)
        socket.setsockopt(zmq.RCVTIMEO, int(PATIENCE * 1000))
        socket.connect(address)
        socket.send_multipart([b'{"msg": "Garage front|jpg"}', JPEG])
        sockets.append(socket)
    time.sleep(0.2)
    assert receiver.stop()[0] == 0
    assert [socket.recv() for socket in sockets] == [b"OK"] * 6
    for socket in sockets:
        socket.close()
    context.term()


def test_an_address_that_cannot_be_had_stops_the_start_with_a_word(receiver: Receiver) -> None:
    receiver.start()
    process = receiver.spawn(
        RECEIVER_ID="other", RECEIVER_ADDRESS=f"tcp://127.0.0.1:{free_port()}", RECEIVER_LIVE_ADDRESS=receiver.address
    )
    _, said = process.communicate(timeout=PATIENCE)
    assert process.returncode == 2
    assert f"RECEIVER_LIVE_ADDRESS='{receiver.address}' cannot be bound: Address already in use" in said
    assert said.count("\n") == 1
