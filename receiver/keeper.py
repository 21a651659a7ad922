"""Makes messages durable, many at once, and says which may be answered.

Each thread takes a message all the way: its file, the folder's entry, its record in the journal. The latter two are
synced for all that wait for them together, so senders share the cost (fsync lets go of the interpreter lock).
"""

from __future__ import annotations

import errno
import json
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from queue import SimpleQueue
from typing import Any

from receiver.encode import to_jpeg
from receiver.eventlog import EventLog
from receiver.journal import Journal
from receiver.messages import Event, Picture
from receiver.store import Store, Stored

THREADS = 6  # more gain nothing on two cores, and a slow disk wants a few writes in flight
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

    @property
    def is_quick(self) -> bool:
        """Whether it is only to be written, not encoded first."""
        return isinstance(self.message, Event) or self.message.shape is None


class Keeper:
    """Takes jobs, leaves them in `done` once they are durable or refused, and calls `wake` after each."""

    def __init__(
        self, store: Store, journal: Journal, events: EventLog, receiver_id: str, wake: Callable[[], None]
    ) -> None:
        self.done: deque[Job] = deque()
        self._store, self._journal, self._events = store, journal, events
        self._receiver_id, self._wake = receiver_id, wake
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        self._threads = [
            threading.Thread(target=self._keep_all, name=f"keeper-{number}", daemon=True) for number in range(THREADS)
        ]

    def start(self) -> None:
        """Start the threads. They do not outlive a main thread that fails."""
        for thread in self._threads:
            thread.start()

    def put(self, job: Job) -> None:
        """Take a job; it comes back in `done`."""
        self._jobs.put(job)

    def stop(self) -> None:
        """End the threads after what was put before."""
        for _ in self._threads:
            self._jobs.put(None)
        for thread in self._threads:
            thread.join()

    def keep(self, job: Job) -> None:
        """Make a job durable, or say in it why not; returns when that is so."""
        try:
            if isinstance(job.message, Picture):
                self._write(job, job.message)
            self._journal.append([record(job, self._receiver_id)])
        except ValueError as problem:
            job.refusal, job.problem = "cannot be encoded", str(problem)
        except OSError as problem:
            job.refusal = "disk full" if problem.errno in FULL else "cannot be written"
            job.problem = str(problem)
            self._take_back(job)
        else:
            if isinstance(job.message, Event):
                self._events.write(job.message.text)

    def _keep_all(self) -> None:
        while (job := self._jobs.get()) is not None:
            self.keep(job)
            self.done.append(job)
            del job  # else an idle thread keeps its last picture in memory
            self._wake()

    def _write(self, job: Job, picture: Picture) -> None:
        jpeg = picture.data if picture.shape is None else to_jpeg(picture.data, picture.shape)
        job.stored = self._store.write(picture.node, picture.view, job.received_at, jpeg)
        self._store.sync_folder(job.stored.path)

    def _take_back(self, job: Job) -> None:
        if job.stored:
            try:
                self._store.remove(job.stored.path)
            except OSError as problem:
                job.problem += f"; {job.stored.path} stays on disk: {problem}"


def record(job: Job, receiver_id: str) -> bytes:
    """The journal's record of a job: its payload as JSON."""
    return json.dumps(payload(job, receiver_id), ensure_ascii=False).encode()


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
