"""Makes messages durable, as many at once as have come, and says which may be answered.

A picture is written and synced, several at once, and gets its name; then its record is appended to the journal, which
is synced while the picture's folder is. Whatever comes to that point meanwhile shares the next sync.
"""

from __future__ import annotations

import errno
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from receiver import timing
from receiver.eventlog import EventLog
from receiver.journal import Journal, OpenFile
from receiver.messages import Event, Payload, Picture
from receiver.store import Store, path_of
from receiver.workers import Workers
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
    """Writes and records jobs for one thread, which calls `attend` when `workers.descriptor` can be read.

    While the records of some are synced, those of others gather for the next sync.
    """

    def __init__(self, store: Store, journal: Journal, events: EventLog, receiver_id: str) -> None:
        self.workers = Workers()
        self._store, self._journal, self._events = store, journal, events
        self._receiver_id = receiver_id
        self._do = self.workers.do
        self._written: list[Job] = []
        self._recording = False
        self._done: list[Job] = []
        self.in_flight = 0
        """Jobs that were put and not taken."""

    def put(self, jobs: Sequence[Job]) -> None:
        """Begin to make jobs durable."""
        # One alone is through sooner if nothing else is looked after meanwhile.
        self._do = self.workers.do_at_once if len(jobs) == 1 and not self.in_flight else self.workers.do
        self.in_flight += len(jobs)
        for job in jobs:
            self._write(job)
        self._record()

    def attend(self) -> None:
        """Go on with what the disk is done with."""
        self.workers.attend()
        self._record()

    def take(self) -> list[Job]:
        """The jobs that are durable by now, and those that will not be, which say why."""
        done, self._done = self._done, []
        self.in_flight -= len(done)
        return done

    def _write(self, job: Job) -> None:
        if not isinstance(job.message, Picture) or job.jpeg is None:
            (self._done if job.refusal else self._written).append(job)
            return
        try:
            job.written = self._store.open(job.message.node, job.message.view, job.received_at)
        except OSError as problem:
            self._refuse([job], problem)
        else:
            done = partial(self._name, job, job.written)
            self._do(partial(job.written.fill, job.jpeg), done, timing.PICTURE)

    def _name(self, job: Job, written: Written, problem: OSError | None) -> None:
        """Its bytes are on disk, or not."""
        try:
            if problem:
                raise problem
            written.commit()
        except OSError as refused:
            self._refuse([job], refused)
        else:
            self._written.append(job)

    def _record(self) -> None:
        """Append the records of what was written, unless others are being synced."""
        if self._recording or not self._written:
            return
        jobs, self._written = self._written, []
        try:
            journal = self._journal.begin(record(job, self._receiver_id) for job in jobs)
        except OSError as problem:
            self._refuse(jobs, problem)
            return
        self._recording = True
        self._sync_records(jobs, journal)

    def _sync_records(self, jobs: Sequence[Job], journal: OpenFile) -> None:
        """Sync the journal and, meanwhile, the folders that the pictures were named in."""
        folders = {job.written.folder for job in jobs if job.written}
        problems: list[OSError | None] = []

        def synced(problem: OSError | None) -> None:
            problems.append(problem)
            if len(problems) > len(folders):
                self._recorded(jobs, next(filter(None, problems), None))

        for folder in folders:
            self._do(folder.sync, synced, timing.FOLDER)
        self._do(journal.sync, synced, timing.OUTBOX)

    def _recorded(self, jobs: Sequence[Job], problem: OSError | None) -> None:
        self._recording = False
        self._journal.end(problem)
        if problem:
            self._refuse(jobs, problem)
            return
        for job in jobs:
            if isinstance(job.message, Event):
                self._events.write(job.message.text)
        self._done += jobs

    def _refuse(self, jobs: Sequence[Job], problem: OSError) -> None:
        """Say that the disk did not take them; nothing is left of them."""
        for job in jobs:
            job.refusal = "disk full" if problem.errno in FULL else "cannot be written"
            job.problem = str(problem)
            self._take_back(job)
        self._done += jobs

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
