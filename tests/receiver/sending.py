"""Cameras that send all the time, with the real imagezmq, and know what was acknowledged."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import imagezmq
import zmq

from .conftest import JPEG, PATIENCE, until

SENDERS = 6
SIZE = len(JPEG) + 20_000


def content(text: str) -> bytes:
    """A picture that tells, behind its JPEG, with which text it was sent."""
    return (JPEG + text.encode()).ljust(SIZE, b"\0")


class Camera(threading.Thread):
    """Sends one message after the other, each under a number of its own, also those that follow one unanswered.

    Where no reply comes it makes a new socket, as imagenode does by starting anew.
    """

    def __init__(self, address: str, name: str, patience: float, pause: float, mark: str) -> None:
        super().__init__(name=name, daemon=True)
        self.acknowledged: list[str] = []
        self.refused: list[bytes] = []
        self.unanswered: list[str] = []
        self.longest = 0.0
        """Seconds that a reply took."""
        self._address, self._patience, self._pause, self._mark = address, patience, pause, mark
        self._ending = threading.Event()
        self._number = 0

    def run(self) -> None:
        """Send until told."""
        while not self._ending.is_set():
            sender = imagezmq.ImageSender(connect_to=self._address)
            sender.zmq_socket.setsockopt(zmq.LINGER, 0)
            sender.zmq_socket.setsockopt(zmq.RCVTIMEO, int(self._patience * 1000))
            try:
                while not self._ending.wait(self._pause):
                    self._send(sender)
            except zmq.Again:
                pass
            finally:
                sender.close()

    def end(self) -> None:
        """Send no more."""
        self._ending.set()

    def _send(self, sender: imagezmq.ImageSender) -> None:
        self._number += 1
        text = f"{self.name} cam|{'motion' if self._number % 5 == 0 else 'jpg'}|{self._mark}{self._number}"
        self.unanswered.append(text)
        began = time.monotonic()
        reply = sender.send_jpg(text, content(text))
        self.longest = max(self.longest, time.monotonic() - began)
        self.unanswered.pop()
        if reply == b"OK":
            self.acknowledged.append(text)
        else:
            self.refused.append(reply)


class Cameras:
    """Several of them at once."""

    def __init__(self, address: str, patience: float, pause: float, mark: str) -> None:
        self.each = [Camera(address, f"Node{number}", patience, pause, mark) for number in range(SENDERS)]

    @property
    def acknowledged(self) -> list[str]:
        """The texts that were answered by OK."""
        return [text for camera in self.each for text in list(camera.acknowledged)]

    @property
    def refused(self) -> list[bytes]:
        """The replies that were not OK."""
        return [reply for camera in self.each for reply in list(camera.refused)]

    @property
    def unanswered(self) -> list[str]:
        """The texts for which no reply came; up to one of each that still sends may get one."""
        return [text for camera in self.each for text in list(camera.unanswered)]

    @property
    def longest(self) -> float:
        """Seconds that the slowest reply took."""
        return max(camera.longest for camera in self.each)

    def go_on(self, messages: int = 3) -> None:
        """Return once each of them has got so many more acknowledged."""
        before = [len(camera.acknowledged) for camera in self.each]
        until(lambda: all(len(one.acknowledged) >= n + messages for one, n in zip(self.each, before, strict=True)))

    def end(self) -> None:
        """Have them all send no more."""
        for camera in self.each:
            camera.end()
        for camera in self.each:
            camera.join(PATIENCE)
            assert not camera.is_alive()


@contextmanager
def cameras(address: str, patience: float = PATIENCE, pause: float = 0.01, mark: str = "") -> Iterator[Cameras]:
    """Cameras that send, with a pause before each message, until the end of the block; `mark` is in every text."""
    made = Cameras(address, patience, pause, mark)
    for camera in made.each:
        camera.start()
    try:
        yield made
    finally:
        made.end()
