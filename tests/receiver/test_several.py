"""Several receivers on one data folder: each has its own state and log, and none spoils another's."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import imagezmq

from .conftest import JPEG, Receiver, patient, until


def state(receiver: Receiver, name: str) -> dict[str, Any]:
    return json.loads((receiver.data / "run" / name).read_text())  # type: ignore[no-any-return]


def send(receiver: Receiver, *texts: str) -> None:
    with patient(imagezmq.ImageSender(connect_to=receiver.address)) as sender:
        for text in texts:
            assert sender.send_jpg(text, JPEG) == b"OK"


def second(first: Receiver) -> Receiver:
    return Receiver(first.data, settings={"RECEIVER_ID": "barn"}, broker_port=first.broker_port)


def end(receiver: Receiver) -> None:
    assert receiver.stop()[0] == 0


def log(data: Path, name: str) -> list[str]:
    return [line.partition(" ~ ")[2] for line in (data / "logs" / name).read_text().splitlines()]


def test_each_counts_for_itself_and_the_first_has_the_usual_names(receiver: Receiver) -> None:
    receiver.start()
    barn = second(receiver).start()
    send(receiver, "gate cam|jpg", "gate|Temp|20 C")
    send(barn, "yard|Temp|10 C", "yard|Heartbeat")
    until(lambda: state(receiver, "receiver-barn.json")["received"] == 2)
    until(lambda: state(receiver, "receiver.json")["received"] == 2)
    assert state(receiver, "receiver.json")["id"] == "hub" and "yard" not in state(receiver, "receiver.json")["nodes"]
    end(barn)
    end(receiver)
    assert (state(receiver, "receiver.json")["stored"], state(receiver, "receiver-barn.json")["stored"]) == (1, 0)
    assert log(receiver.data, "imagehub.log") == ["gate|Temp|20 C"]
    assert log(receiver.data, "imagehub-barn.log") == ["yard|Temp|10 C"]
    receiver.start()
    send(receiver, "gate|Heartbeat")
    end(receiver)
    assert state(receiver, "receiver.json")["received"] == 3, "it counts on from its own"


def test_the_usual_name_stays_fresh_when_the_first_one_ends(receiver: Receiver) -> None:
    receiver.start()
    barn = second(receiver).start()
    until((receiver.data / "run" / "receiver-barn.json").exists)
    end(receiver)
    until(lambda: state(receiver, "receiver.json")["id"] == "barn")
    receiver.start()
    send(receiver, "gate|Heartbeat")
    until(lambda: state(receiver, "receiver-hub.json")["received"] == 1)
    assert state(receiver, "receiver.json")["id"] == "barn"
    end(barn)
    end(receiver)


def test_one_alone_has_the_usual_names_whatever_its_id(receiver: Receiver) -> None:
    receiver.start(RECEIVER_ID="garage")
    send(receiver, "gate|Temp|20 C")
    until(lambda: receiver.status()["received"] == 1)
    (receiver.data / "run" / "receiver.json").unlink()
    until((receiver.data / "run" / "receiver.json").exists)
    before = receiver.status()["updated_at"]
    until(lambda: receiver.status()["updated_at"] > before)
    end(receiver)
    assert log(receiver.data, "imagehub.log") == ["gate|Temp|20 C"]


def test_it_takes_over_what_was_counted_under_the_usual_name_alone(receiver: Receiver) -> None:
    run = receiver.data / "run"
    run.mkdir(parents=True)
    (run / "receiver.json").write_text(json.dumps({"id": "hub", "received": 70, "stored": 50}))
    receiver.start()
    barn = second(receiver).start()
    send(receiver, "gate|Heartbeat")
    end(receiver)
    end(barn)
    assert state(receiver, "receiver-hub.json")["received"] == 71
    assert state(receiver, "receiver-barn.json")["received"] == 0


def test_it_counts_today_on_after_a_restart_and_anew_on_another_day(receiver: Receiver) -> None:
    for total in (1, 2):
        receiver.start()
        send(receiver, "gate|Temp|20 C")
        end(receiver)
        assert receiver.status()["today"]["events"] == total
    document = receiver.status()
    document["today"]["date"] = "2026-01-01"
    (receiver.data / "run" / "receiver-hub.json").write_text(json.dumps(document))
    receiver.start()
    send(receiver, "gate|Temp|20 C")
    end(receiver)
    assert (receiver.status()["events"], receiver.status()["today"]["events"]) == (3, 1)
