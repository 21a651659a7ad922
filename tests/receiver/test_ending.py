from __future__ import annotations

import multiprocessing
import signal
import time
from multiprocessing.synchronize import Event
from pathlib import Path

import imagezmq
import pytest
import zmq

from .conftest import JPEG, PATIENCE, Receiver, until

SENDERS = 12
spawn = multiprocessing.get_context("spawn")


def keep_sending(address: str, name: str, kept: Path, stop: Event, patience: float) -> None:
    """Send until told, one line in `kept` for each acknowledged text; end without waiting for a receiver that died."""
    sender = imagezmq.ImageSender(connect_to=address)
    sender.zmq_socket.setsockopt(zmq.LINGER, 0)
    sender.zmq_socket.setsockopt(zmq.RCVTIMEO, int(patience * 1000))
    with kept.open("a", buffering=1) as lines:
        number = 0
        while not stop.is_set():
            number += 1
            text = f"{name} cam|{'motion' if number % 5 == 0 else 'jpg'}|{number}"
            try:
                if sender.send_jpg(text, JPEG + bytes(20_000)) == b"OK":
                    lines.write(text + "\n")
            except zmq.Again:
                lines.write("HANGS\n")
                return


class Load:
    def __init__(self, receiver: Receiver, folder: Path, patience: float) -> None:
        self.stop = spawn.Event()
        self.files = [folder / f"sender{n}" for n in range(SENDERS)]
        arguments = [(receiver.address, f"Node{n}", file, self.stop, patience) for n, file in enumerate(self.files)]
        self.processes = [spawn.Process(target=keep_sending, args=a, daemon=True) for a in arguments]
        for process in self.processes:
            process.start()
        # A dozen programs begin here, which takes its time where others are busy.
        until(lambda: all(file.exists() and file.read_text().count("\n") > 3 for file in self.files), 3 * PATIENCE)

    def end(self) -> list[str]:
        self.stop.set()
        for process in self.processes:
            process.join(PATIENCE)
            assert process.exitcode == 0
        return [line for file in self.files for line in file.read_text().splitlines()]


def assert_all_kept(receiver: Receiver, acknowledged: list[str]) -> None:
    payloads = [record.payload for record in receiver.records()]
    assert set(acknowledged) - {"HANGS"} <= {payload["text"] for payload in payloads}
    paths = [payload["path"] for payload in payloads if payload["kind"] == "image"]
    assert all((receiver.data / path).stat().st_size == len(JPEG) + 20_000 for path in paths)
    assert len(set(paths)) == len(paths)
    assert len({payload["id"] for payload in payloads}) == len(payloads)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_under_load_without_leaving_a_sender_hanging(receiver: Receiver, tmp_path: Path, number: int) -> None:
    receiver.start()
    load = Load(receiver, tmp_path, PATIENCE)
    status, said = receiver.stop(number)
    receiver.start()
    time.sleep(0.3)
    acknowledged = load.end()
    assert (status, "Traceback" in said) == (0, False)
    assert acknowledged.count("HANGS") == 0
    assert_all_kept(receiver, acknowledged)


def test_it_has_everything_that_it_acknowledged_after_a_kill(receiver: Receiver, tmp_path: Path) -> None:
    receiver.start()
    load = Load(receiver, tmp_path, 2.0)
    assert receiver.stop(signal.SIGKILL)[0] == -signal.SIGKILL
    receiver.start()
    acknowledged = load.end()
    assert len(acknowledged) > SENDERS
    assert_all_kept(receiver, acknowledged)


def test_it_ends_with_a_trace_and_a_status_when_a_thread_fails_and_answers_everybody_first(
    receiver: Receiver, tmp_path: Path
) -> None:
    receiver.module = ("tests.receiver.failing",)
    receiver.start()
    load = Load(receiver, tmp_path, PATIENCE)
    assert receiver.process is not None
    receiver.process.send_signal(signal.SIGUSR1)
    _, said = receiver.process.communicate(timeout=PATIENCE)
    assert receiver.process.returncode == 1
    assert "Traceback" in said
    assert "RuntimeError: a thread fails" in said
    receiver.module = ("receiver",)
    receiver.start()
    time.sleep(0.3)
    acknowledged = load.end()
    assert acknowledged.count("HANGS") == 0
    assert_all_kept(receiver, acknowledged)


def test_it_refuses_to_run_twice_on_one_folder_and_id(receiver: Receiver, tmp_path: Path) -> None:
    receiver.start()
    second = Receiver(receiver.data).spawn()
    _, said = second.communicate(timeout=PATIENCE)
    assert second.returncode == 2
    assert said.splitlines() == [
        "librarian: RECEIVER_ID='hub': another receiver with this id runs on this data folder."
    ]


@pytest.mark.parametrize("variable", ["RECEIVER_ADDRESS", "RECEIVER_METRICS_ADDRESS"])
def test_it_names_the_variable_whose_port_is_taken(receiver: Receiver, tmp_path: Path, variable: str) -> None:
    receiver.start()
    taken = {"RECEIVER_ADDRESS": receiver.address, "RECEIVER_METRICS_ADDRESS": f"127.0.0.1:{receiver.port}"}
    second = Receiver(tmp_path / "other").spawn(**{variable: taken[variable]})
    _, said = second.communicate(timeout=PATIENCE)
    assert second.returncode == 2
    assert said.startswith(f"librarian: {variable}=")
    assert len(said.splitlines()) == 1


def test_it_serves_its_metrics_where_it_is_told(receiver: Receiver, sender: imagezmq.ImageSender) -> None:
    import urllib.request

    from .conftest import free_port

    port = free_port()
    receiver.start(RECEIVER_METRICS_ADDRESS=f"127.0.0.1:{port}")
    assert sender.send_jpg("Garage cam|jpg", JPEG) == b"OK"
    until(lambda: receiver.status()["stored"] == 1)
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=PATIENCE) as answer:
        text = answer.read().decode()
    assert "librarian_receiver_stored_total 1.0" in text
    assert 'librarian_receiver_node_last_seen_timestamp_seconds{node="Garage"}' in text
    for what in ("picture", "folder", "outbox"):
        assert f'librarian_receiver_sync_seconds_count{{what="{what}"}} 1.0' in text
        assert f'librarian_receiver_sync_seconds_bucket{{le="+Inf",what="{what}"}} 1.0' in text
    for name in (
        "senders 1.0",
        "outbox_unpublished",
        "outbox_oldest_age_seconds",
        "disk_free_bytes",
        "bytes_total",
    ):
        assert f"librarian_receiver_{name}" in text, name
