"""How a stage's run begins and ends."""

from __future__ import annotations

from django.db.models import F
from django.utils import timezone

from cameras.models import RunStatus, StageRun

MAX_ATTEMPTS = 5
"""A stage that was begun so often on an image and never ended is not tried again by itself."""


def begin(run: StageRun) -> bool:
    """Count an attempt before the picture is touched; whether to go on.

    A picture that hangs or kills its worker is so set aside in the end, as failed.
    """
    due = _queued(run)
    if due.filter(attempts__lt=MAX_ATTEMPTS).update(attempts=F("attempts") + 1):
        return True
    reason = f"given up after {MAX_ATTEMPTS} attempts: {run.reason or 'each one hung or ended its worker'}"
    due.update(status=RunStatus.FAILED, reason=reason[:255], finished_at=timezone.now())
    return False


def finish(run: StageRun, status: RunStatus, reason: str = "") -> str:
    """End a run that is still due, and return its status."""
    facts = {"model": run.model, "version": run.version, "duration_ms": run.duration_ms}
    _queued(run).update(status=status, reason=reason[:255], finished_at=timezone.now(), **facts)
    return status


def note_failure(run: StageRun, problem: BaseException) -> None:
    """Keep what went wrong; the run stays due, and the sweep has it tried again."""
    _queued(run).update(reason=f"{type(problem).__name__}: {problem}"[:255])


def _queued(run: StageRun):  # type: ignore[no-untyped-def]  # the abstract model has no manager of its own
    return type(run)._default_manager.filter(pk=run.pk, status=RunStatus.QUEUED)
