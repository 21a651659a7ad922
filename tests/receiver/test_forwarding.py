from __future__ import annotations

import base64
import json
import signal
import time
from pathlib import Path
from typing import Any
from unittest.mock import patch

import imagezmq
from celery import Celery
from celery.contrib.testing.worker import start_worker

from receiver.outbox import Outbox

from .conftest import JPEG, Broker, Receiver, until


def argument(task: dict[str, Any]) -> dict[str, Any]:
    payload: dict[str, Any] = json.loads(base64.b64decode(task["body"]))[0][0]
    return payload


def send(sender: imagezmq.ImageSender, *numbers: int) -> None:
    for number in numbers:
        assert sender.send_jpg(f"Garage cam|jpg|{number}", JPEG) == b"OK"


def arrived(broker: Broker) -> list[str]:
    return [argument(task)["text"].rpartition("|")[2] for task in broker.tasks()]


def test_it_enqueues_what_a_worker_on_the_ingest_queue_reads(
    receiver: Receiver, broker: Broker, sender: imagezmq.ImageSender
) -> None:
    broker.start()
    receiver.start()
    assert sender.send_jpg("Garage cam|motion|moving", JPEG) == b"OK"
    send(sender, 1)
    until(lambda: len(broker.tasks()) == 2)
    event, image = broker.tasks()
    assert [task["headers"]["task"] for task in (event, image)] == ["ingest.record_event", "ingest.register_image"]
    until(lambda: all(record.published_at for record in receiver.records()))
    records = {record.id: record.payload for record in receiver.records()}
    for task in (event, image):
        assert argument(task) == records[task["headers"]["id"]]
        assert task["headers"]["enqueued_at"].endswith("+00:00")
        assert task["properties"]["delivery_info"] == {"exchange": "", "routing_key": "ingest"}
    until(lambda: receiver.status()["broker"]["connected"] and receiver.status()["outbox"]["unpublished"] == 0)


def test_a_celery_worker_understands_the_tasks(
    receiver: Receiver, broker: Broker, sender: imagezmq.ImageSender
) -> None:
    import ingest.tasks  # noqa: F401  which every application shares

    broker.start()
    app = Celery("worker", broker=f"redis://127.0.0.1:{broker.port}/0", set_as_current=False)
    app.conf.update(task_default_queue="ingest", task_ignore_result=True)
    got: list[str] = []
    receiver.start()
    worker = start_worker(app, perform_ping_check=False, pool="solo", queues=["ingest"])
    with patch("ingest.services.register", side_effect=lambda record: got.append(record["text"])), worker:
        send(sender, 1, 2)
        until(lambda: len(got) == 2)
    assert got == ["Garage cam|jpg|1", "Garage cam|jpg|2"]


def test_it_keeps_while_the_broker_is_dead_and_forwards_when_it_is_back(
    receiver: Receiver, broker: Broker, sender: imagezmq.ImageSender, tmp_path: Path
) -> None:
    receiver.log = tmp_path / "receiver.log"
    receiver.start()
    send(sender, *range(150))
    until(lambda: "the broker cannot be reached" in receiver.said())
    broker.start()
    until(lambda: len(broker.tasks()) >= 150)
    assert arrived(broker) == [str(n) for n in range(150)]
    until(lambda: receiver.status()["broker"]["connected"])
    broker.stop()
    until(lambda: receiver.said().count("the broker cannot be reached") == 2)
    send(sender, 150)
    broker.start()
    until(lambda: arrived(broker) == ["150"])
    receiver.stop()
    assert receiver.said().count("the broker cannot be reached") == 2
    assert receiver.said().count("the broker is there") == 2


def test_it_keeps_and_answers_while_the_broker_hangs(
    receiver: Receiver, broker: Broker, sender: imagezmq.ImageSender
) -> None:
    broker.start()
    receiver.start()
    send(sender, 0)
    until(lambda: arrived(broker) == ["0"])
    assert broker.process is not None
    broker.process.send_signal(signal.SIGSTOP)
    send(sender, *range(1, 30))
    assert len(receiver.pictures()) == 30
    assert receiver.status()["stored"] <= 30
    broker.process.send_signal(signal.SIGCONT)
    # A publish that timed out may have been queued all the same, so a task may come twice; none may be missing.
    until(lambda: set(arrived(broker)) == {str(n) for n in range(30)})
    until(lambda: all(record.published_at for record in receiver.records()))


def test_it_stops_while_the_broker_hangs(receiver: Receiver, broker: Broker, sender: imagezmq.ImageSender) -> None:
    broker.start()
    receiver.start()
    send(sender, 0)
    assert broker.process is not None
    broker.process.send_signal(signal.SIGSTOP)
    send(sender, 1)
    assert receiver.stop()[0] == 0


def test_it_publishes_again_what_another_process_asks_for(
    receiver: Receiver, broker: Broker, sender: imagezmq.ImageSender
) -> None:
    broker.start()
    receiver.start()
    send(sender, 0, 1)
    until(lambda: all(record.published_at for record in receiver.records()))
    outbox = Outbox(receiver.data / "outbox" / "hub.sqlite3")
    wanted = [record.id for page in outbox.published() for record in page if record.payload["text"].endswith("1")]
    assert outbox.republish(wanted) == 1
    outbox.close()
    until(lambda: arrived(broker) == ["0", "1", "1"])


def test_it_goes_on_after_a_restart_with_what_was_not_published(
    receiver: Receiver, broker: Broker, sender: imagezmq.ImageSender
) -> None:
    receiver.start()
    send(sender, 0, 1)
    assert receiver.stop()[0] == 0
    broker.start()
    receiver.start()
    until(lambda: arrived(broker) == ["0", "1"])


def test_it_does_not_take_a_dead_broker_for_a_live_one_while_there_is_nothing_to_publish(receiver: Receiver) -> None:
    receiver.start()
    time.sleep(4)  # several rounds of the forwarder
    _, log = receiver.stop()
    assert "the broker cannot be reached" in log
    assert "the broker is there" not in log
