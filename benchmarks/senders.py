"""Senders against any hub given by its address: REQ sockets that send what imagezmq's `send_jpg` does.

They share one process and one thread, because a hub's senders are other machines: as many Python programs as senders
would take half of a small machine, and the hub would be measured less than they.

usage: python -m benchmarks.senders ADDRESS [SENDERS] [KIB] [SECONDS] [PICTURES A SECOND, EACH]
"""

from __future__ import annotations

import heapq
import json
import os
import subprocess
import sys
import time
from dataclasses import asdict, dataclass

import numpy as np
import simplejpeg
import zmq

PATIENCE_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Load:
    """What the senders saw: replies that were `OK`, those a second, and how long a reply took."""

    acknowledged: int
    rate: float
    median_ms: float
    p99_ms: float


@dataclass(frozen=True, slots=True)
class Plan:
    """So many senders of pictures of `size` bytes for so many seconds, each as fast as it is answered or at a pace."""

    senders: int = 8
    size: int = 248 * 1024
    seconds: float = 3.0
    pace: float | None = None
    """Pictures a second of each sender."""


class Senders:
    """The senders of a plan."""

    def __init__(self, address: str, plan: Plan) -> None:
        self._plan = plan
        self._jpeg = picture(plan.size)
        self._context = zmq.Context()
        self._poller = zmq.Poller()
        self._headers: dict[zmq.Socket[bytes], bytes] = {}
        self._asked: dict[zmq.Socket[bytes], float] = {}
        for number in range(plan.senders):
            socket = self._context.socket(zmq.REQ)
            socket.connect(address)
            self._poller.register(socket, zmq.POLLIN)
            self._headers[socket] = json.dumps({"msg": f"Bench{number} cam|jpg"}).encode()
        self._acknowledged, self._waits = 0, list[float]()

    def run(self) -> Load:
        """Send for as long as planned, and wait for the last replies; RuntimeError where none comes."""
        began = time.perf_counter()
        steps = enumerate(self._headers)  # paced ones do not send all at once
        due = [(began + (n / len(self._headers) / self._plan.pace if self._plan.pace else 0), n, s) for n, s in steps]
        heapq.heapify(due)
        while due or self._asked:
            while due and due[0][0] <= time.perf_counter():
                at, number, socket = heapq.heappop(due)
                self._send(socket)
                if self._plan.pace and at + 1 / self._plan.pace < began + self._plan.seconds:
                    heapq.heappush(due, (at + 1 / self._plan.pace, number, socket))
            wait = max(0.0, due[0][0] - time.perf_counter()) if due else PATIENCE_SECONDS
            for socket in self._replies(wait):
                if not self._plan.pace and time.perf_counter() < began + self._plan.seconds:
                    self._send(socket)
        seconds = time.perf_counter() - began
        self._context.destroy(linger=0)
        waits = sorted(wait * 1000 for wait in self._waits)
        rate = self._acknowledged / seconds
        return Load(self._acknowledged, rate, waits[len(waits) // 2], waits[int(len(waits) * 0.99)])

    def _send(self, socket: zmq.Socket[bytes]) -> None:
        if socket in self._asked:
            return  # a paced one whose last picture still waits for its reply leaves one out
        self._asked[socket] = time.perf_counter()
        socket.send(self._headers[socket], zmq.SNDMORE)
        socket.send(self._jpeg, copy=False)

    def _replies(self, seconds: float) -> list[zmq.Socket[bytes]]:
        ready = [socket for socket, _ in self._poller.poll(int(seconds * 1000) + 1)]
        if not ready and seconds >= PATIENCE_SECONDS:
            raise RuntimeError("no reply came")
        for socket in ready:
            self._acknowledged += socket.recv() == b"OK"
            self._waits.append(time.perf_counter() - self._asked.pop(socket))
        return ready


def picture(size: int) -> bytes:
    """A JPEG of 1280 x 960 pixels and `size` bytes, most of them after its end, and like no other."""
    jpeg: bytes = simplejpeg.encode_jpeg(np.zeros((960, 1280, 3), np.uint8))
    return jpeg + os.urandom(size - len(jpeg))


def run(address: str, plan: Plan) -> Load:
    """Put a hub under load from a process of its own and report what it acknowledged."""
    given = [address, plan.senders, plan.size / 1024, plan.seconds, plan.pace or 0]
    command = [sys.executable, "-m", "benchmarks.senders", *map(str, given)]
    said = subprocess.run(command, check=True, stdout=subprocess.PIPE, timeout=120 + plan.seconds).stdout
    return Load(**json.loads(said))


def main() -> None:
    """Put the hub at an address under load and print what the senders saw as JSON."""
    address, *given = sys.argv[1:]
    numbers = [*map(float, given), *(8.0, 248.0, 3.0, 0.0)[len(given) :]]
    plan = Plan(int(numbers[0]), int(numbers[1] * 1024), numbers[2], numbers[3] or None)
    print(json.dumps(asdict(Senders(address, plan).run())))


if __name__ == "__main__":
    main()
