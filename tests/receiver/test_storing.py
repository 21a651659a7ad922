from __future__ import annotations

import json
import re
from datetime import datetime

import imagezmq
import numpy as np
import pytest
import simplejpeg

from .conftest import JPEG, Receiver, until

NAME = re.compile(r"Garage-North-cam-\d{4}-\d\d-\d\dT\d\d\.\d\d\.\d\d\.\d{6}\.jpg")


@pytest.mark.parametrize("text", ["Garage North cam|jpg", "Garage North cam|image", "Garage North cam|jpg|moving"])
def test_it_keeps_a_jpeg_as_it_is(receiver: Receiver, sender: imagezmq.ImageSender, text: str) -> None:
    receiver.start()
    assert sender.send_jpg(text, JPEG) == b"OK"
    [picture], [record] = receiver.pictures(), receiver.records()
    assert picture.read_bytes() == JPEG
    assert NAME.fullmatch(picture.name)
    assert picture.parent.name == picture.name[17:27]
    assert receiver.data / record.payload["path"] == picture
    assert record.payload["id"] == record.id
    expected = {"kind": "image", "receiver": "hub", "node": "Garage", "view": "North cam", "text": text}
    assert expected.items() <= record.payload.items()
    assert record.payload["bytes"] == len(JPEG)
    assert datetime.fromisoformat(record.payload["received_at"]).utcoffset() is not None


@pytest.mark.parametrize("shape", [(40, 31), (40, 31, 3)])
def test_it_keeps_a_raw_picture_as_a_jpeg(
    receiver: Receiver, sender: imagezmq.ImageSender, shape: tuple[int, ...]
) -> None:
    receiver.start()
    assert sender.send_image("Garage North cam|image", np.full(shape, 77, np.uint8)) == b"OK"
    [picture] = receiver.pictures()
    decoded = simplejpeg.decode_jpeg(picture.read_bytes(), "BGR")
    assert decoded.shape == (40, 31, 3)
    assert abs(int(decoded[20, 20, 1]) - 77) < 3


EVENTS = [
    "Garage North cam|motion|moving",
    "Garage North cam|motion|still|drive",
    "Garage North cam|light|lighted|",
    "Garage North cam|light|dark",
    "Garage|Temp|76 F",
    "Garage|Temp|21.5 C",
    "Garage|humidity|48.4 %",
    "Garage|Restart|pi|Linux|10.0.0.9|926|0.5",
    "Garage|Hail|big",
    "Garage|infrared|on",
]


def test_it_keeps_every_event_sent_as_jpg_or_raw(receiver: Receiver, sender: imagezmq.ImageSender) -> None:
    receiver.start()
    tiny = np.zeros((3, 3), np.uint8)
    for text in EVENTS:
        assert sender.send_jpg(text, JPEG) == b"OK"
        assert sender.send_image(text, tiny) == b"OK"
    records = receiver.records()
    assert sorted(record.payload["text"] for record in records) == sorted(EVENTS * 2)
    assert {record.payload["kind"] for record in records} == {"event"}
    drive = next(record.payload for record in records if record.payload["text"].endswith("drive"))
    assert (drive["event"], drive["fields"]) == ("motion", ["still", "drive"])
    assert receiver.pictures() == []
    lines = (receiver.data / "logs" / "imagehub.log").read_text().splitlines()
    assert all(re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} ~ ", line) for line in lines)
    assert [line.partition(" ~ ")[2] for line in lines[::2]] == EVENTS


def test_it_answers_but_does_not_keep_heartbeats_and_tuning_pictures(
    receiver: Receiver, sender: imagezmq.ImageSender
) -> None:
    receiver.start()
    for text in ["Garage|Heartbeat", "ROI", "3 Contours", "Mean Pixel Value"]:
        assert sender.send_jpg(text, JPEG) == b"OK"
    assert receiver.pictures() == []
    assert receiver.records() == []
    assert (receiver.data / "logs" / "imagehub.log").read_text() == ""


def test_it_tells_what_it_did_and_counts_on_after_a_restart(receiver: Receiver, sender: imagezmq.ImageSender) -> None:
    for rounds in (1, 2):
        receiver.start()
        for text in ["Garage cam|jpg", "Garage|Heartbeat", "Garage|Temp|76 F", "ROI", "Garage cam|jpg"]:
            assert sender.send_jpg(text, JPEG) == b"OK"
        assert sender.send_jpg("Garage cam|jpg", b"not one").startswith(b"REFUSED")
        until(lambda: receiver.status()["received"] == 6 * rounds)  # noqa: B023
        assert receiver.stop()[0] == 0
        status = receiver.status()
        counts = {name: status[name] for name in ("received", "stored", "events", "heartbeats", "tuning", "bytes")}
        expected = {"received": 6, "stored": 2, "events": 1, "heartbeats": 1, "tuning": 1, "bytes": 2 * len(JPEG)}
        assert counts == {name: count * rounds for name, count in expected.items()}
        assert status["refused"] == {"not a JPEG": rounds}
        assert status["outbox"]["unpublished"] == 3 * rounds
        assert status["broker"]["connected"] is False
        assert status["nodes"]["Garage"]["heartbeats"] == rounds
        assert status["nodes"]["Garage"]["messages"] == 4 * rounds


def test_it_survives_a_status_file_that_is_broken(receiver: Receiver, sender: imagezmq.ImageSender) -> None:
    run = receiver.data / "run"
    run.mkdir(parents=True)
    for broken in ("{", "[]", json.dumps({"received": "x", "nodes": {"a": 1, "b": {"c": 2}}, "refused": [1]})):
        (run / "receiver.json").write_text(broken)
        receiver.start()
        assert sender.send_jpg("Garage cam|jpg", JPEG) == b"OK"
        assert receiver.stop()[0] == 0
        assert receiver.status()["received"] == 1
