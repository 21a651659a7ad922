"""A receiver that kills itself when it comes to a point for the NTH time, as a crash just there would:

    python -m tests.receiver.killing POINT NTH LOG {unnamed,hidden} {receiver,forwarder}

Before it dies it adds a line to LOG, which says where it was.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from receiver import __main__ as receiver
from receiver import forwarder, forwarding, wire
from receiver.journal import OpenFile
from receiver.outbox import Outbox
from receiver.written import Hidden, Unnamed, Written


def always(*_: Any) -> bool:
    return True


def nothing(*_: Any) -> None:
    pass


def is_picture(written: Written) -> bool:
    """Not the file by which the receiver finds out what the file system can do."""
    return written.bytes > 0


def marks_something(_outbox: Outbox, ids: list[str]) -> bool:
    return bool(ids)


def write_half(written: Written, data: bytes) -> None:
    os.write(written.descriptor, data[: len(data) // 2])


def record_half(file: OpenFile, data: bytes) -> None:
    file._write(data[: len(data) // 2], file._end)


@dataclass(frozen=True)
class Place:
    """A function at whose beginning the receiver dies; `last` is what it still does, given the same arguments."""

    owner: Any
    function: str
    counts: Callable[..., bool] = always
    last: Callable[..., None] = nothing


PUBLISHED = "between publish and marking it published"
POINTS = {
    "during write": (Place(Written, "fill", last=write_half),),
    "between write and fsync": (Place(Unnamed, "sync", is_picture), Place(Hidden, "sync", is_picture)),
    "between fsync and naming": (Place(Unnamed, "give_name", is_picture), Place(Hidden, "give_name", is_picture)),
    "between naming and outbox commit": (Place(OpenFile, "write", last=record_half), Place(OpenFile, "sync")),
    "between commit and reply": (Place(wire, "reply"),),
    PUBLISHED: (Place(Outbox, "mark_published", marks_something),),
}


class Killer:
    """Counts how often a point was come to."""

    def __init__(self, point: str, nth: int, log: Path, *others: int) -> None:
        self._point, self._nth, self._log, self._others = point, nth, log, others
        self._count = 0
        self._lock = threading.Lock()

    def wait_at(self, place: Place) -> None:
        """Have a call of the place's function count, and the last one kill."""
        original = getattr(place.owner, place.function)

        def watched(*arguments: Any) -> Any:
            if place.counts(*arguments):
                with self._lock:  # several threads come here
                    self._count += 1
                    if self._count == self._nth:
                        place.last(*arguments)
                        self._kill(place)
            return original(*arguments)

        setattr(place.owner, place.function, watched)

    def _kill(self, place: Place) -> None:
        where = f"{place.owner.__name__}.{place.function}"
        with self._log.open("a") as log:
            log.write(json.dumps({"point": self._point, "nth": self._nth, "where": where, "pid": os.getpid()}) + "\n")
        for pid in (*self._others, os.getpid()):
            os.kill(pid, signal.SIGKILL)


def main() -> int:
    """Run the receiver, or the forwarder that such a receiver starts."""
    point, nth, log, kind, program = sys.argv[1:]
    here = "forwarder" if point == PUBLISHED else "receiver"
    if program == here:
        killer = Killer(point, int(nth), Path(log), *([os.getppid()] if here == "forwarder" else []))
        for place in POINTS[point]:
            killer.wait_at(place)
    if program == "forwarder":
        forwarder.main()
        return 0
    if here == "forwarder":
        forwarding.COMMAND = (sys.executable, "-m", "tests.receiver.killing", *sys.argv[1:-1], "forwarder")
    if kind == "hidden":
        patch("receiver.store.kind_for", return_value=Hidden).start()
    return receiver.main()


if __name__ == "__main__":
    raise SystemExit(main())
