"""Limits that people set on the site while the receiver runs."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import imagezmq
import pytest

from receiver.limits import Limits, read_limits
from receiver.messages import Refused
from receiver.status import Status

from .conftest import JPEG, Receiver, until

DAY = b"REFUSED over the node's limit of pictures a day"
MINUTE = b"REFUSED over the node's limit of pictures a minute"


def set_limits(receiver: Receiver, **limits: int) -> None:
    run = receiver.data / "run"
    run.mkdir(parents=True, exist_ok=True)
    part = run / "part"
    part.write_text(json.dumps({"nodes": {"Garage": limits}}))
    part.replace(run / "node_settings.json")


def test_a_limit_holds_within_seconds_and_is_counted_by_node(receiver: Receiver, sender: imagezmq.ImageSender) -> None:
    receiver.start()
    for _ in range(5):
        assert sender.send_jpg("Garage cam|jpg", JPEG) == b"OK"
    set_limits(receiver, max_images_per_day=6)
    time.sleep(1.2)
    assert [sender.send_jpg("Garage cam|jpg", JPEG) for _ in range(3)] == [b"OK", DAY, DAY]
    assert sender.send_jpg("Garage cam|motion|moving", JPEG) == b"OK"
    assert sender.send_jpg("Garage|Heartbeat", JPEG) == b"OK"
    assert sender.send_jpg("Shed cam|jpg", JPEG) == b"OK"
    until(lambda: receiver.status()["nodes"]["Garage"]["refused"] == {DAY.decode()[8:]: 2})
    assert receiver.status()["nodes"]["Shed"]["refused"] == {}
    assert receiver.status()["refused"] == {DAY.decode()[8:]: 2}
    set_limits(receiver)
    time.sleep(1.2)
    assert sender.send_jpg("Garage cam|jpg", JPEG) == b"OK"
    assert "refused from 127.0.0.1: over the node's limit of pictures a day" in receiver.stop()[1]


def test_a_day_goes_on_after_a_restart(receiver: Receiver, sender: imagezmq.ImageSender) -> None:
    set_limits(receiver, max_images_per_day=2)
    receiver.start()
    assert sender.send_jpg("Garage cam|jpg", JPEG) == b"OK"
    receiver.stop()
    receiver.start()
    assert [sender.send_jpg("Garage cam|jpg", JPEG) for _ in range(2)] == [b"OK", DAY]


def test_a_minute_fills_up_again(receiver: Receiver, sender: imagezmq.ImageSender) -> None:
    set_limits(receiver, max_images_per_minute=60)
    receiver.start()
    answers = [sender.send_jpg("Garage cam|jpg", JPEG) for _ in range(90)]
    assert answers[:60] == [b"OK"] * 60
    assert MINUTE in answers[60:]
    time.sleep(1.5)
    assert sender.send_jpg("Garage cam|jpg", JPEG) == b"OK"


def test_a_broken_file_leaves_the_limits_as_they_were(receiver: Receiver, sender: imagezmq.ImageSender) -> None:
    set_limits(receiver, max_images_per_day=1)
    receiver.start()
    assert [sender.send_jpg("Garage cam|jpg", JPEG) for _ in range(2)] == [b"OK", DAY]
    (receiver.data / "run" / "node_settings.json").write_text("{")
    time.sleep(1.2)
    assert sender.send_jpg("Garage cam|jpg", JPEG) == DAY
    assert "the limits stay as they were" in receiver.stop()[1]


def test_a_day_is_that_of_the_site(tmp_path: Path) -> None:
    status = Status(tmp_path, ZoneInfo("Europe/Berlin"), {"id": "hub"}, dict)
    file = tmp_path / "node_settings.json"
    file.write_text(json.dumps({"nodes": {"Garage": {"max_images_per_day": 1}}}))
    limits = Limits(file, ZoneInfo("Europe/Berlin"), status)
    evening = datetime(2026, 6, 30, 21, 59, tzinfo=UTC)
    status.seen("Garage", evening)
    limits.check("Garage", evening)
    with pytest.raises(Refused):
        limits.check("Garage", evening)
    limits.check("Garage", evening + timedelta(minutes=1))


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"nodes": []}', '{"nodes": {"a": 1}}', '{"nodes": {"a": {"b": 1}}}']
    + [f'{{"nodes": {{"a": {{"max_images_per_day": {value}}}}}}}' for value in ('"1"', "-1", "true", "1.5")],
)
def test_it_takes_nothing_but_limits(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_limits(text)
