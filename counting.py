"""What workers and beat count while they work, for web's /metrics; free of Django.

A worker has several processes, and web asks for all of them: so each process counts in a file of its own that others
can read, which is the multi-process mode of prometheus_client. The files of a worker are in
`DATA_DIR/run/metrics/NAME`, counted from nothing at each start of it. Whoever never called `keep_in` counts in its own
memory, where nobody looks.
"""

from __future__ import annotations

import fcntl
import logging
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from prometheus_client import Counter, Histogram, values

log = logging.getLogger(__name__)

LOCK = "lock"
RESERVED = 1 << 20
"""Bytes of each file: more than all names take that are ever counted here."""
KINDS = ("counter", "histogram")
TRIES, AGAIN_SECONDS = 20, 0.1
_held: list[IO[str]] = []

# All of them have labels: a metric without any would be made in memory when this is imported, before `keep_in`.
TASKS = Histogram(
    "librarian_task_duration_seconds",
    "Time that a task took, by how it ended.",
    ["task", "outcome"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 60),
    registry=None,
)
LOST_TASKS = Counter(
    "librarian_tasks_lost",
    "Tasks whose process ended while it was at them, or had to be ended.",
    ["task", "reason"],
    registry=None,
)
RUNS = Counter("librarian_stage_runs", "Ends of a stage's look at a picture.", ["stage", "status"], registry=None)
RUN_DURATION = Histogram(
    "librarian_stage_duration_seconds",
    "Time that a stage's model took for a picture, with reading it from the disk.",
    ["stage"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25),
    registry=None,
)
DELAY = Histogram(
    "librarian_stage_delay_seconds",
    "Time from the receipt of a picture to the end of a stage.",
    ["stage"],
    buckets=(0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 300, 1800, 3600),
    registry=None,
)
SENT = Counter("librarian_beat_tasks", "Tasks of the schedule, sent or not.", ["task", "outcome"], registry=None)


def keep_in(folder: Path) -> bool:
    """Have this process and its children count in files of a folder, from now on; whether that could be done.

    Files of an earlier start are removed. Where a process that lives counts there already, or the disk has no room,
    nothing is counted, and the log says so: that is no reason not to work.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not _lock(folder):
            log.error("%s: another process of this name lives; what this one does is not counted", folder)
            return False
        for old in folder.glob("*.db"):
            old.unlink()
        reserve(folder)
    except OSError as problem:
        log.error("%s cannot be written, so that nothing is counted: %s", folder, problem)
        return False
    # The library chooses by this variable when it is imported, which Flower's part of the celery command has done.
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)
    values.ValueClass = values.MultiProcessValue()  # type: ignore[no-untyped-call]
    return True


def keep_child() -> None:
    """The same for a child that was just forked."""
    if folder := os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        try:
            reserve(Path(folder))
        except OSError as problem:
            log.error("%s cannot be written, so that nothing is counted: %s", folder, problem)
            values.ValueClass = values.MutexValue


def reserve(folder: Path) -> None:
    """Have the disk set aside the room of this process's files: a full one would end it when it counts."""
    for kind in KINDS:
        with (folder / f"{kind}_{os.getpid()}.db").open("ab") as file:
            os.posix_fallocate(file.fileno(), 0, RESERVED)


def _lock(folder: Path) -> bool:
    """Take the folder for as long as this process lives; who reads may hold it for a moment."""
    file = (folder / LOCK).open("a+")
    for _ in range(TRIES):
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            time.sleep(AGAIN_SECONDS)
            continue
        _held.append(file)
        return True
    file.close()
    return False


def folders(run_dir: Path) -> Iterator[Path]:
    """The folders of those that live, by name; what others left is of no use to anybody."""
    for lock in sorted((run_dir / "metrics").glob(f"*/{LOCK}")):
        with lock.open("a+") as file:
            try:
                fcntl.lockf(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except OSError:
                yield lock.parent
