"""Makes messages durable on threads of its own, many at once, and says which may be answered.

Writer threads write and sync one file each (fsync lets go of the interpreter lock). One committer then syncs the
folders and commits the outbox for everything that is written by then, so senders share the cost of both.
"""

from __future__ import annotations

import errno
import sqlite3
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from queue import SimpleQueue
from typing import Any

from receiver import timing
from receiver.encode import to_jpeg
from receiver.eventlog import EventLog
from receiver.messages import Event, Picture
from receiver.outbox import Outbox
from receiver.store import Store, Stored

WRITERS = 4  # more gain nothing on two cores, and a slow disk wants a few writes in flight
BATCH = 128
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@dataclass(slots=True)
class Job:
    """A message on its way to disk; when it comes back, `refusal` is None if it is kept."""

    identity: bytes
    message: Picture | Event
    id: str
    received_at: datetime
    size: int
    stored: Stored | None = None
    refusal: str | None = None
    problem: str = ""


class Keeper:
    """Takes jobs, leaves them in `done` once they are durable or refused, and calls `wake` for each batch."""

    def __init__(
        self, store: Store, outbox: Outbox, events: EventLog, receiver_id: str, wake: Callable[[], None]
    ) -> None:
        self.done: deque[Job] = deque()
        self._store, self._outbox, self._events = store, outbox, events
        self._receiver_id, self._wake = receiver_id, wake
        self._to_write: SimpleQueue[Job | None] = SimpleQueue()
        self._to_commit: SimpleQueue[Job | None] = SimpleQueue()
        self._threads = [threading.Thread(target=self._write_all, name=f"writer-{i}") for i in range(WRITERS)]
        self._threads.append(threading.Thread(target=self._commit_all, name="committer"))

    def start(self) -> None:
        """Start the threads. They do not outlive a main thread that fails."""
        for thread in self._threads:
            thread.daemon = True
            thread.start()

    def put(self, job: Job) -> None:
        """Take a job; it comes back in `done`."""
        (self._to_write if isinstance(job.message, Picture) else self._to_commit).put(job)

    def stop(self) -> None:
        """End the threads after what was put before."""
        for _ in range(WRITERS):
            self._to_write.put(None)
        for thread in self._threads[:-1]:
            thread.join()
        self._to_commit.put(None)
        self._threads[-1].join()

    def _write_all(self) -> None:
        while (job := self._to_write.get()) is not None:
            self._write(job)
            self._to_commit.put(job)
            del job  # else an idle writer keeps its last picture in memory

    def _write(self, job: Job) -> None:
        picture = job.message
        assert isinstance(picture, Picture)  # noqa: S101  `put` sends nothing else here
        try:
            jpeg = picture.data if picture.shape is None else to_jpeg(picture.data, picture.shape)
            job.stored = self._store.write(picture.node, picture.view, job.received_at, jpeg)
        except ValueError as problem:
            job.refusal, job.problem = "cannot be encoded", str(problem)
        except OSError as problem:
            _refuse(job, problem)

    def _commit_all(self) -> None:
        while (batch := self._gather()) is not None:
            self._commit([job for job in batch if job.refusal is None])
            self.done.extend(batch)
            self._wake()
            del batch

    def _gather(self) -> list[Job] | None:
        """Wait for a job and take all others that are written by then; None at the end, when writers are done."""
        first = self._to_commit.get()
        if first is None:
            return None
        batch = [first]
        while len(batch) < BATCH and not self._to_commit.empty() and (job := self._to_commit.get()) is not None:
            batch.append(job)
        return batch

    def _commit(self, jobs: list[Job]) -> None:
        if not jobs:
            return
        try:
            self._store.sync_folders(job.stored.path for job in jobs if job.stored)
            with timing.OUTBOX.time():
                self._outbox.append([payload(job, self._receiver_id) for job in jobs])
        except (OSError, sqlite3.DatabaseError) as problem:
            for job in jobs:
                _refuse(job, problem)
                self._take_back(job)
            return
        for job in jobs:
            if isinstance(job.message, Event):
                self._events.write(job.message.text)

    def _take_back(self, job: Job) -> None:
        if job.stored:
            try:
                self._store.remove(job.stored.path)
            except OSError as problem:
                job.problem += f"; {job.stored.path} stays on disk: {problem}"


def payload(job: Job, receiver_id: str) -> dict[str, Any]:
    """The outbox record of a job, which is also the argument of the task that registers it."""
    message = job.message
    record: dict[str, Any] = {
        "id": job.id,
        "kind": "image" if isinstance(message, Picture) else "event",
        "receiver": receiver_id,
        "node": message.node,
        "view": message.view,
        "text": message.text,
        "received_at": job.received_at.isoformat(timespec="microseconds"),
    }
    if isinstance(message, Event):
        return record | {"event": message.kind, "fields": list(message.fields)}
    assert job.stored is not None  # noqa: S101  only written pictures are committed
    return record | {"path": job.stored.path, "bytes": job.stored.bytes}


def _refuse(job: Job, problem: OSError | sqlite3.DatabaseError) -> None:
    full = problem.errno in FULL if isinstance(problem, OSError) else "full" in str(problem)
    job.refusal, job.problem = "disk full" if full else "cannot be written", str(problem)
