"""The one place that states the order of the stages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TypeAlias

from celery import chain, signature
from django.utils import timezone

from cameras.models import Image, RunStatus
from detections.models import DetectionRun
from ingest.queues import ENQUEUED_AT
from plates.models import RecognitionRun

RunModel: TypeAlias = type[DetectionRun] | type[RecognitionRun]
STAGES: tuple[tuple[str, RunModel, str], ...] = (
    ("detections.detect_objects", DetectionRun, "detect"),
    ("plates.read_plates", RecognitionRun, "plates"),
)
"""Task name, the model of its run rows, and its queue, in the order in which every image passes them."""
NEVER = datetime.fromtimestamp(0, UTC)
"""When an image was last handed to a stage that it was never handed to."""
GRACE = timedelta(seconds=200)
"""Longer than a task may take (60 s) and its message takes to come back when its worker was killed (120 s)."""


def plan(image: Image) -> None:
    """Make the run row of every stage of a new image, not looked at yet. Call it in the image's own transaction."""
    for _, run_model, _ in STAGES:
        run_model.objects.create(image=image, queued_at=NEVER)


def start(image_id: int, unless_since: datetime | None = None) -> None:
    """Hand an image to the stages that it has not passed yet, except to those that were handed it since that time.

    The messages of all stages carry the time that the run rows get, so that the sweep can compare the two.
    """
    now = timezone.now()
    names = [name for name, run_model, _ in STAGES if mark_queued(run_model, image_id, now, unless_since or now)]
    headers = {ENQUEUED_AT: now.isoformat()}
    if names:
        chain(*(signature(name, args=(image_id,), immutable=True, headers=headers) for name in names)).apply_async()


def mark_queued(run_model: RunModel, image_id: int, now: datetime, before: datetime) -> bool:
    """Note that a stage is handed an image now; whether it had still to look at it and had it last before then."""
    due = run_model.objects.filter(image_id=image_id, status=RunStatus.QUEUED, queued_at__lte=before)
    return bool(due.update(queued_at=now))
