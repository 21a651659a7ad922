"""Makes messages durable, as many at once as have come, and says which may be answered.

While the disk is busy with one batch, the next gathers in the socket: the busier it is, the more share a sync's cost.
"""

from __future__ import annotations

import errno
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from receiver import timing
from receiver.eventlog import EventLog
from receiver.journal import Journal
from receiver.messages import Event, Payload, Picture
from receiver.store import Store, path_of, sync_folders
from receiver.written import Written

to_json = json.JSONEncoder(ensure_ascii=False).encode
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@dataclass(slots=True, eq=False)
class Job:
    """A message on its way to disk; when it comes back, `refusal` is None if it is kept."""

    identity: bytes
    message: Picture | Event
    id: str
    received_at: datetime
    size: int
    jpeg: Payload | None = None
    """A picture's bytes, once it is encoded."""
    written: Written | None = None
    refusal: str | None = None
    problem: str = ""


class Keeper:
    """Writes and records jobs, in the thread that asks for it."""

    def __init__(self, store: Store, journal: Journal, events: EventLog, receiver_id: str) -> None:
        self._store, self._journal, self._events = store, journal, events
        self._receiver_id = receiver_id

    def keep(self, jobs: Sequence[Job]) -> None:
        """Make jobs durable, or say in them why not; returns when that is so."""
        for step in (self._write, self._commit):  # all are written before the first is waited for
            for job in jobs:
                if not job.refusal:
                    self._attempt([job], partial(step, job))
        kept = [job for job in jobs if not job.refusal]
        if kept:
            self._attempt(kept, lambda: self._record(kept))
        for job in kept:
            if isinstance(job.message, Event) and not job.refusal:
                self._events.write(job.message.text)

    def _write(self, job: Job) -> None:
        if isinstance(job.message, Picture) and job.jpeg is not None:
            job.written = self._store.write(job.message.node, job.message.view, job.received_at, job.jpeg)

    def _commit(self, job: Job) -> None:
        if job.written:
            with timing.PICTURE.time():
                job.written.commit()

    def _record(self, jobs: Sequence[Job]) -> None:
        """The records are on their way while the names are waited for."""
        file = self._journal.write(record(job, self._receiver_id) for job in jobs)
        sync_folders(job.written for job in jobs if job.written)
        with timing.OUTBOX.time():
            self._journal.sync(file)

    def _attempt(self, jobs: Sequence[Job], step: Callable[[], None]) -> None:
        """Do something for jobs; where the disk refuses it, so are they, and nothing is left of them."""
        try:
            step()
        except OSError as problem:
            for job in jobs:
                job.refusal = "disk full" if problem.errno in FULL else "cannot be written"
                job.problem = str(problem)
                self._take_back(job)

    def _take_back(self, job: Job) -> None:
        if job.written:
            try:
                job.written.discard()
            except OSError as problem:
                job.problem += f"; {job.written.name} stays on disk: {problem}"


def record(job: Job, receiver_id: str) -> bytes:
    """The journal's record of a job: its payload as JSON."""
    return to_json(payload(job, receiver_id)).encode()


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
    assert job.written is not None  # noqa: S101  only written pictures are recorded
    return record | {"path": path_of(job.written), "bytes": job.written.bytes}
