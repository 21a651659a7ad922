"""How a stage's run begins and ends."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, TypeVar

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

import counting
from cameras.changes import note_images
from cameras.models import Camera, DeadLetter, Image, RunStatus, StageRun

R = TypeVar("R", bound=StageRun)

MAX_ATTEMPTS = 3
"""A stage that was begun so often on an image and never ended is not tried again by itself."""
TURN = timedelta(seconds=60)
"""Longer than a task that looks at a picture may take: after it, what was begun and not ended may be begun again."""


def turn(run: R, ready: QuerySet[R, R]) -> R:
    """Whose turn it is when a run's message has come: the run's own, or that of the newest image of its camera.

    The second where the camera wants its newest images first and messages wait in line. The two runs change places,
    so that there are still as many messages as runs. `ready` are the runs that could be begun.
    """
    camera: Camera = run.image.camera  # type: ignore[attr-defined]  # every stage's run has its image
    if not camera.newest_first:
        return run
    free = Q(begun_at=None) | Q(begun_at__lt=timezone.now() - TURN)
    due = ready.filter(free, status=RunStatus.QUEUED, later=run.later, image__camera=camera).order_by("-image_id")
    for newest in due[:3]:  # another worker may take the first ones at this very moment
        if newest.pk == run.pk:
            break
        if due.filter(pk=newest.pk).update(begun_at=timezone.now(), queued_at=run.queued_at):
            _queued(run).update(queued_at=newest.queued_at)
            return newest
    return run


def begin(run: StageRun) -> bool:
    """Count an attempt before the picture is touched; whether to go on.

    A picture that hangs or kills its worker is so set aside in the end, as failed.
    """
    due = _queued(run)
    if due.filter(attempts__lt=MAX_ATTEMPTS).update(attempts=F("attempts") + 1, begun_at=timezone.now()):
        run.attempts += 1
        return True
    give_up(run, run.reason or "each one hung or ended its worker")
    return False


@contextmanager
def attempt(run: StageRun) -> Iterator[None]:
    """Keep what goes wrong inside: the run stays due for the sweep, or is given up after so many attempts.

    A database that is not there is nobody's failure.
    """
    try:
        yield
    except (OperationalError, InterfaceError):
        raise
    except Exception as problem:
        reason = f"{type(problem).__name__}: {problem}"
        if run.attempts < MAX_ATTEMPTS:
            _queued(run).update(reason=reason[:255])
        else:
            give_up(run, reason, traceback.format_exc())
        raise


def skip(run_model: type[StageRun], image: Image, reason: str) -> None:
    """End the run of an image that its stage has nothing to do with, unless it has ended."""
    due = run_model._default_manager.filter(status=RunStatus.QUEUED, **{"image": image})
    with transaction.atomic():
        if due.update(status=RunStatus.SKIPPED, reason=reason[:255], finished_at=timezone.now()):
            note_images([image])
            counting.RUNS.labels(run_model.stage, RunStatus.SKIPPED).inc()


def give_up(run: StageRun, reason: str, trace: str = "") -> None:
    """End a run as failed after its last attempt."""
    finish(run, RunStatus.FAILED, f"given up after {MAX_ATTEMPTS} attempts: {reason}", trace)


def finish(run: StageRun, status: RunStatus, reason: str = "", trace: str = "") -> bool:
    """End a run that is still due, and return whether it was. One that failed goes to the dead letters."""
    facts = {"model": run.model, "version": run.version, "duration_ms": run.duration_ms}
    with transaction.atomic():
        ended = _queued(run).update(status=status, reason=reason[:255], finished_at=timezone.now(), **facts)
        if ended:
            note_images([run.image])  # type: ignore[attr-defined]
    if ended and status == RunStatus.FAILED:
        image_id = run.image_id  # type: ignore[attr-defined]
        set_aside(run.stage, str(image_id), reason, trace, image_id=image_id, attempts=run.attempts)
    run.status = status
    if ended:
        _count(run)
    return bool(ended)


def _count(run: StageRun) -> None:
    counting.RUNS.labels(run.stage, run.status).inc()
    if run.duration_ms is not None and run.status in (RunStatus.DONE, RunStatus.EMPTY):
        counting.RUN_DURATION.labels(run.stage).observe(run.duration_ms / 1000)
    if not run.later:  # what is looked at anew was received long ago
        waited = timezone.now() - run.image.received_at  # type: ignore[attr-defined]
        counting.DELAY.labels(run.stage).observe(max(0.0, waited.total_seconds()))


def set_aside(task: str, subject: str, reason: str, trace: str = "", **facts: Any) -> None:
    """Write a dead letter, or renew it."""
    known = {"reason": reason[:255], "traceback": trace} | facts
    DeadLetter.objects.update_or_create(task=task, subject=subject, defaults=known)


def reset(run: StageRun, *, later: bool = False) -> None:
    """Have a stage look at its image anew, as if it never had; behind everything that is live where `later`."""
    image_id = run.image_id  # type: ignore[attr-defined]
    DeadLetter.objects.filter(task=run.stage, subject=str(image_id)).delete()
    everyone = type(run)._default_manager.filter(pk=run.pk)
    with transaction.atomic():
        begun = {"attempts": 0, "reason": "", "begun_at": None, "finished_at": None, "put_off_at": None}
        everyone.update(status=RunStatus.QUEUED, later=later, **begun)
        note_images([run.image])  # type: ignore[attr-defined]


def _queued(run: StageRun):  # type: ignore[no-untyped-def]  # the abstract model has no manager of its own
    return type(run)._default_manager.filter(pk=run.pk, status=RunStatus.QUEUED)
