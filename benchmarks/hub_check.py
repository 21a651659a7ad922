"""What a hub stands, keeps and takes, for any hub that imagezmq senders can send to.

usage: python -m benchmarks.hub_check ADDRESS [FOLDER] [--pid PID] [--restart COMMAND] [--pictures N]

FOLDER is where it keeps pictures, at any depth. In this order: what its process PID takes while nobody sends; whether a
good sender is served after each malformed input of the tests; how many pictures of a burst are in FOLDER afterwards.
COMMAND starts the hub anew where it did not survive an input; without one, such an input is the last.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import socket
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil
import zmq

from benchmarks.senders import picture
from tests.receiver.hostile import GOOD, JPEG, KEPT, RAW, REFUSED

SERVED_SECONDS = 1.0
STARTED_SECONDS = 30.0
IDLE_SECONDS = 10.0
SETTLED_SECONDS = 3.0
SENDERS = 8
KIB = 248
NO_DELIMITER, BYTES = "no delimiter", "bytes"
NO_OK, NO_FILE, SERVED = "no OK within a second", "OK, but no file within a second", "serves on"


@dataclass(frozen=True, slots=True)
class Hub:
    """The hub under test."""

    address: str
    folder: Path | None

    def serves(self, name: str) -> str:
        """Whether a good sender is answered, and its picture kept."""
        if self.ask([header(name), JPEG]) != b"OK":
            return NO_OK
        return SERVED if until(lambda: self.kept(name, len(JPEG)) > 0, SERVED_SECONDS) else NO_FILE

    def ask(self, frames: Sequence[bytes], kind: int = zmq.REQ) -> bytes | None:
        """The reply to a request, None where none comes."""
        with zmq.Context() as context, context.socket(kind) as sender:
            sender.setsockopt(zmq.LINGER, 0)
            sender.setsockopt(zmq.RCVTIMEO, int(SERVED_SECONDS * 1000))
            sender.connect(self.address)
            sender.send_multipart(frames)
            with contextlib.suppress(zmq.Again):
                return sender.recv_multipart()[-1]
        return None

    @contextlib.contextmanager
    def told(self, data: bytes) -> Iterator[None]:
        """While a peer that sent these bytes, whatever they are, stays connected."""
        host, _, port = self.address.removeprefix("tcp://").rpartition(":")
        with socket.create_connection((host.strip("[]"), int(port)), timeout=20) as peer:
            peer.sendall(data)
            yield

    def kept(self, name: str, size: int) -> int:
        """Files of a sender that have all their bytes; 1 where no folder was given to look into."""
        if self.folder is None:
            return 1
        return sum(1 for path in self.folder.rglob(f"{name}-*") if path.stat().st_size == size)


def header(name: str) -> bytes:
    return json.dumps({"msg": f"{name} cam|jpg"}).encode()


def until(true: Callable[[], bool], seconds: float) -> bool:
    """Whether something comes to hold within so many seconds."""
    give_up = time.monotonic() + seconds
    while not (holds := true()) and time.monotonic() < give_up:
        time.sleep(0.02)
    return holds


def idle(pid: int) -> float:
    """Percent of one core that a process and its children take."""
    family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]

    def used() -> float:
        return sum(sum(one.cpu_times()[:2]) for one in family)

    before, began = used(), time.monotonic()
    time.sleep(IDLE_SECONDS)
    return 100 * (used() - before) / (time.monotonic() - began)


def survived(hub: Hub, restart: str | None) -> Counter[str]:
    """How often a good sender was served, or not, after a malformed input."""
    requests = [("request", *one) for one in REFUSED.items()] + [("odd picture", *one) for one in KEPT.items()]
    inputs: list[tuple[str, str, tuple[bytes, ...]]] = [*requests, (NO_DELIMITER, "DEALER", (GOOD, JPEG))]
    inputs += [(BYTES, name, (data,)) for name, data in RAW.items()]
    found: Counter[str] = Counter()
    for number, (kind, name, frames) in enumerate(inputs):
        good = f"Good{number}"
        if kind == BYTES:
            with hub.told(frames[0]):
                outcome = hub.serves(good)
        else:
            hub.ask(frames, zmq.DEALER if kind == NO_DELIMITER else zmq.REQ)
            outcome = hub.serves(good)
        found[outcome] += 1
        print(f"{kind}, {name}: {outcome}", flush=True)
        if outcome != SERVED and not comes_back(hub, good, restart):
            print("the hub does not come back; --restart COMMAND would start it anew", flush=True)
            break
    return found


def comes_back(hub: Hub, name: str, restart: str | None) -> bool:
    """Start it anew, where it is known how; whether it serves then."""
    if restart:
        subprocess.run(restart, shell=True, check=True)
    return until(lambda: hub.serves(f"{name}again") == SERVED, STARTED_SECONDS)


def burst(hub: Hub, pictures: int) -> tuple[int, int, float]:
    """So many pictures, as fast as they are answered: how many were acknowledged, how many are kept, and seconds."""
    jpeg, context, poller = picture(KIB * 1024), zmq.Context(), zmq.Poller()
    senders = {context.socket(zmq.REQ): header(f"Burst{number}") for number in range(SENDERS)}
    began, sent, acknowledged = time.monotonic(), 0, 0
    for sender, head in senders.items():
        sender.connect(hub.address)
        poller.register(sender, zmq.POLLIN)
        sender.send_multipart([head, jpeg])
        sent += 1
    while acknowledged < sent and (ready := poller.poll(int(STARTED_SECONDS * 1000))):
        for sender, _ in ready:
            acknowledged += sender.recv() == b"OK"
            if sent < pictures:
                sender.send_multipart([senders[sender], jpeg])
                sent += 1
                if sent % 400 == 0:
                    print(f"burst: {sent} of {pictures} sent", flush=True)
    seconds = time.monotonic() - began
    context.destroy(linger=0)
    kept, before = sum(hub.kept(f"Burst{n}", len(jpeg)) for n in range(SENDERS)), -1
    while kept != before:
        time.sleep(SETTLED_SECONDS)
        before, kept = kept, sum(hub.kept(f"Burst{n}", len(jpeg)) for n in range(SENDERS))
    return acknowledged, kept, seconds


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.hub_check", description=__doc__.splitlines()[0])
    parser.add_argument("address", help="such as tcp://127.0.0.1:5555")
    parser.add_argument("folder", nargs="?", type=Path, help="where it keeps pictures")
    parser.add_argument("--pid", type=int, help="its process, to see what it takes while nobody sends")
    parser.add_argument("--restart", metavar="COMMAND", help="starts it anew after an input that it did not survive")
    parser.add_argument("--pictures", type=int, default=3200, help="how many a burst has (3200)")
    given = parser.parse_args()
    hub = Hub(given.address, given.folder)
    summary = [f"idle: {idle(given.pid):.1f} % of a core"] if given.pid else []
    found = survived(hub, given.restart)
    summary.append(f"malformed inputs: {', '.join(f'{count} x {outcome}' for outcome, count in found.items())}")
    acknowledged, kept, seconds = burst(hub, given.pictures)
    lost = max(0, acknowledged - kept) if given.folder else 0
    files = f"{kept} in {given.folder}, {lost} lost" if given.folder else "no folder given to count them in"
    rate = acknowledged / seconds
    summary.append(f"burst: {acknowledged} of {given.pictures} acknowledged, {rate:.0f} a second; {files}")
    print(*summary, sep=os.linesep, flush=True)
    raise SystemExit(0 if set(found) == {SERVED} and acknowledged == given.pictures and not lost else 1)


if __name__ == "__main__":
    main()
