"""A worker that is connected and takes no work although there is some: noticed from within, and ended.

Workers on Redis are known to come back after a loss of their connection, answer pings, and never take a message again.
So each worker looks at its own work: where messages wait in its queues, the broker answers, and nothing was begun or
ended for a while, it ends itself, and what started it starts it again: `up`, systemd, a container's restart policy.
"""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import redis
from celery.worker import state

from ingest import queues, workers

log = logging.getLogger(__name__)

LOOK_SECONDS = 2.0
IDLE_SECONDS = 8.0
"""A free worker takes a waiting message at once."""
BUSY_SECONDS = 150.0
"""Longer than any task may take (60 s) twice: its worker has lost count of what it does."""
QUIT_SECONDS = 4.0
"""A worker without a connection may hang while it stops."""
EXIT_STATUS = 70
"""EX_SOFTWARE of sysexits.h: supervisors restart what ends so."""


@dataclass(slots=True)
class Progress:
    """What a worker did, and since when it has not done more although there was work for it."""

    accepted: int = 0
    active: int = 0
    stalled_since: float | None = None

    def look(self, accepted: int, active: int, waiting: int, now: float) -> float:
        """Seconds without progress, from how many tasks were accepted so far, are active, and wait."""
        moved = (accepted, active) != (self.accepted, self.active)
        self.accepted, self.active = accepted, active
        if moved or not waiting:
            self.stalled_since = None
        elif self.stalled_since is None:
            self.stalled_since = now
        return now - self.stalled_since if self.stalled_since is not None else 0.0


class Watchdog(threading.Thread):
    """Looks after the worker whose process it runs in, and tells the broker how it is."""

    def __init__(self, name: str, names: Sequence[str], end: Callable[[], None]) -> None:
        super().__init__(name="watchdog", daemon=True)
        self._report = workers.Report(name, names)
        self._queues, self._end = names, end
        self._progress = Progress()
        self._stopping = threading.Event()
        self._stalled = False

    def stop(self) -> None:
        """The worker ends; as it should, unless this watchdog ends it."""
        if self._stalled:
            return
        self._stopping.set()
        with contextlib.suppress(redis.RedisError):  # its next start then counts as a restart, the lesser evil
            self._report.ended()

    def run(self) -> None:
        """Look every few seconds; end the worker once it has stalled."""
        while not self._stopping.wait(LOOK_SECONDS):
            try:
                if self.look():
                    self._end()
                    return
            except redis.RedisError as problem:  # without a broker there is nothing to do for anybody
                log.debug("the broker does not answer: %s", problem)
                self._progress.stalled_since = None
            except Exception:  # nobody else watches the worker
                log.exception("the watchdog stumbled and goes on")

    def look(self) -> bool:
        """Whether the worker has to end, logged and reported. Raises `redis.RedisError`."""
        depths = queues.depths()
        waiting = sum(depths[name] for name in self._queues)
        active, accepted = len(state.active_requests), state.all_total_count[0]
        stalled = self._progress.look(accepted, active, waiting, time.monotonic())
        self._report.alive(accepted - active)
        if stalled < (BUSY_SECONDS if active else IDLE_SECONDS):
            return False
        reason = f"{waiting} messages wait in {', '.join(self._queues)} and none was taken for {stalled:.0f} s"
        log.error("%s: the worker ends, to be started again", reason)
        self._stalled = True
        self._report.stalled(reason)
        return True


def end_worker() -> None:
    """Ask this process to stop as its supervisor would, and end it, children too, when it does not."""
    os.kill(os.getpid(), signal.SIGQUIT)
    time.sleep(QUIT_SECONDS)
    log.error("the worker did not stop when asked: it is killed")
    for child in children():
        os.kill(child, signal.SIGKILL)
    os._exit(EXIT_STATUS)


def children() -> list[int]:
    """The processes that this one started."""
    from billiard.process import active_children

    return [child.pid for child in active_children() if child.pid]
