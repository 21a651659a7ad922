"""Every task of a worker is counted, by its name and how it ended; `librarian_project.celery` connects this."""

from __future__ import annotations

import time
from typing import Any

from billiard.einfo import ExceptionWithTraceback  # type: ignore[attr-defined]
from billiard.exceptions import WorkerLostError
from celery import Task
from celery.signals import celeryd_init, task_postrun, task_prerun, worker_process_init
from celery.worker.request import Request

import counting
import environment

_begun: dict[str, float] = {}


class CountedRequest(Request):
    """What a worker knows of a task that a child of it is at: one that ends with the task cannot count that."""

    def on_timeout(self, soft: bool, timeout: float) -> None:
        """The task took too long; unless `soft` its child was ended."""
        if not soft:
            counting.LOST_TASKS.labels(self.name, "timeout").inc()
        super().on_timeout(soft, timeout)

    def on_failure(self, exc_info: Any, send_failed_event: bool = True, return_ok: bool = False) -> Any:
        """The task failed, or its child ended by itself."""
        problem = exc_info.exception
        problem = problem.exc if isinstance(problem, ExceptionWithTraceback) else problem
        if isinstance(problem, WorkerLostError | SystemExit):
            counting.LOST_TASKS.labels(self.name, "worker lost").inc()
        return super().on_failure(exc_info, send_failed_event, return_ok)


def begin(task_id: str, **_: object) -> None:
    """Note when a task begins."""
    _begun[task_id] = time.perf_counter()


def end(task_id: str, task: Task[Any, Any], state: str | None = None, **_: object) -> None:
    """Count a task that has ended in its own process."""
    if (begun := _begun.pop(task_id, None)) is not None:
        counting.TASKS.labels(task.name, (state or "unknown").lower()).observe(time.perf_counter() - begun)


def keep_counts(sender: str, **_: object) -> None:
    """A worker starts; `sender` is the name by which Celery knows it, which no other worker has."""
    counting.keep_in(environment.current().run_dir / "metrics" / sender)


def keep_counts_of_child(**_: object) -> None:
    """A child of a worker starts."""
    counting.keep_child()


def connect() -> None:
    """Have the workers of this process count."""
    celeryd_init.connect(keep_counts, weak=False, dispatch_uid="counting")
    worker_process_init.connect(keep_counts_of_child, weak=False, dispatch_uid="counting")
    task_prerun.connect(begin, weak=False, dispatch_uid="counting")
    task_postrun.connect(end, weak=False, dispatch_uid="counting")
