"""How a stage's run ends."""

from __future__ import annotations

from django.utils import timezone

from cameras.models import RunStatus, StageRun

MAX_ATTEMPTS = 3
"""A stage that fails so often on an image is not tried again by itself."""


def finish(run: StageRun, status: RunStatus, reason: str = "") -> str:
    """End a run for good and return its status."""
    run.status, run.reason, run.finished_at = status, reason[:255], timezone.now()
    run.save()
    return run.status


def note_failure(run: StageRun, problem: BaseException) -> None:
    """Count an unexpected failure; the run stays queued for the sweep until it has failed too often."""
    run.attempts += 1
    run.reason = f"{type(problem).__name__}: {problem}"[:255]
    if run.attempts >= MAX_ATTEMPTS:
        run.status, run.finished_at = RunStatus.FAILED, timezone.now()
    run.save()
