"""What all tasks have in common: they wait for the database, and what always fails is set aside."""

from __future__ import annotations

import itertools
import logging
import time
from typing import Any

import celery
from celery.exceptions import Reject
from django.db import InterfaceError, OperationalError, connection, connections

import logs
from cameras.models import DeadLetter, Image
from cameras.runs import MAX_ATTEMPTS, set_aside
from ingest import deliveries, pipeline

log = logging.getLogger(__name__)

PATIENCE_SECONDS = 12.0
"""How long a task waits for a database that is gone; then its message goes back to its queue. Well below a task's
limit, so that it can still do its work when the database returns."""
PAUSE_SECONDS = 1.0
TRIES = 3
"""How often a task is done over at once when a database that is there refuses it, as with a deadlock."""


class PatientTask(celery.Task[Any, Any]):
    """A task that binds its ids to its log lines, outlasts the loss of the database, and is not tried for ever."""

    Request = "ingest.task_counts:CountedRequest"

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Do the task; raise `Reject` where the database does not come back in time."""
        with logs.bound(**ids(args)):
            if self.request.called_directly:
                return self.run(*args, **kwargs)
            if self.given_up(args):
                return None
            self.outlasting_the_database(args, kwargs)
            self.note_success(args)
            return None

    def outlasting_the_database(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        """Do the task and go on, again where the database was lost meanwhile: every task may run twice."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        for tried in itertools.count(1):
            try:
                looked_at = self.run(*args, **kwargs)
                if isinstance(looked_at, Image):
                    pipeline.start(looked_at, after=self.name)
                return
            except (OperationalError, InterfaceError) as problem:
                if not database_answers(deadline):
                    deliveries.forget(self.request.id, args)
                    log.error("the database is gone; %s goes back to its queue: %s", self.name, problem)
                    raise Reject(problem, requeue=True) from problem
                if tried == TRIES:
                    raise
                log.warning("%s is done over: %s", self.name, problem)

    def given_up(self, args: tuple[Any, ...]) -> bool:
        """Count this delivery of a message from a camera; whether there were too many, so that it is set aside."""
        if deliveries.count(self.request.id, args) <= MAX_ATTEMPTS:
            return False
        self.bury(args, f"given up after {MAX_ATTEMPTS} attempts: each one hung or ended its worker")
        return True

    def note_success(self, args: tuple[Any, ...]) -> None:
        """Forget what went wrong before."""
        deliveries.forget(self.request.id, args)
        if not args:
            DeadLetter.objects.filter(task=self.name, subject="").delete()

    def on_failure(self, exc: Exception, task_id: str, args: Any, kwargs: Any, einfo: Any) -> None:
        """Set aside a message from a camera that failed once more than is sensible, and any failure of the schedule.

        The stages keep their failures in their run rows.
        """
        with logs.bound(**ids(args)):
            log.error("%s failed", self.name, exc_info=exc)
            if not args or deliveries.counted(task_id, args) >= MAX_ATTEMPTS:
                self.bury(args, f"{type(exc).__name__}: {exc}", str(einfo))

    def bury(self, args: Any, reason: str, trace: str = "") -> None:
        """Write the dead letter of a message from a camera, or of a task of the schedule."""
        subject = ids(args)["message"] or ""
        set_aside(self.name, subject, reason, trace, args=list(args), attempts=MAX_ATTEMPTS)
        deliveries.forget(self.request.id, args)
        log.error("%s is set aside: %s", self.name, reason)


def ids(args: Any) -> dict[str, Any]:
    """What a task is about, told by its first argument: the number of an image, or a record of the outbox."""
    first = args[0] if args else None
    return {
        "message": first.get("id") if isinstance(first, dict) else None,
        "image": first if isinstance(first, int) else None,
    }


def database_answers(deadline: float) -> bool:
    """Whether the database answers, by a new connection, before that time of `time.monotonic`."""
    while True:
        connections.close_all()
        try:
            connection.ensure_connection()
            return True
        except (OperationalError, InterfaceError):
            if time.monotonic() + PAUSE_SECONDS > deadline:
                return False
            time.sleep(PAUSE_SECONDS)
