"""Threads that do what waits for the disk, so that it has much to do at once and the loop goes on meanwhile."""

from __future__ import annotations

import os
import select
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue
from typing import TypeAlias

from prometheus_client import Histogram

THREADS = 6
"""More gain nothing where a sync takes a third of a millisecond, nor fewer threads (benchmarks/receiver.py)."""
Action: TypeAlias = Callable[[], None]
"""Raises OSError, and nothing else."""
Done: TypeAlias = Callable[[OSError | None], None]


class Workers:
    """Does things for one thread, which calls `attend` when `descriptor` can be read."""

    def __init__(self) -> None:
        self.descriptor = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self.in_flight = 0
        self._to_do: SimpleQueue[tuple[Action, Done, Histogram, float]] = SimpleQueue()
        self._finished: deque[tuple[Done, OSError | None, Histogram, float]] = deque()
        self._rung = False
        self._threads: list[threading.Thread] = []

    def do(self, action: Action, done: Done, timer: Histogram) -> None:
        """Have a thread do something; `attend` will call `done`, with what was raised."""
        self.in_flight += 1
        self._to_do.put((action, done, timer, time.perf_counter()))
        if len(self._threads) < min(self.in_flight, THREADS):
            self._threads.append(threading.Thread(target=self._work, name="disk", daemon=True))
            self._threads[-1].start()

    def do_at_once(self, action: Action, done: Done, timer: Histogram) -> None:
        """The same, but `done` was called when this returns: quicker for one thing, slower for several."""
        began = time.perf_counter()
        problem = _attempt(action)
        timer.observe(time.perf_counter() - began)
        done(problem)

    def wait(self) -> None:
        """Return when there is something to attend to."""
        if self.in_flight:
            select.select([self.descriptor], [], [])

    def attend(self) -> None:
        """Call `done` for everything that was done."""
        with suppress(BlockingIOError):  # nothing was
            os.eventfd_read(self.descriptor)
        self._rung = False  # before the look at what is finished: what comes after it rings again
        while self._finished:
            done, problem, timer, began = self._finished.popleft()
            self.in_flight -= 1
            timer.observe(time.perf_counter() - began)
            done(problem)

    def _work(self) -> None:
        while True:
            action, done, timer, began = self._to_do.get()
            self._finished.append((done, _attempt(action), timer, began))
            if not self._rung:
                self._rung = True
                os.eventfd_write(self.descriptor, 1)


def _attempt(action: Action) -> OSError | None:
    try:
        action()
    except OSError as problem:
        return problem
    return None
