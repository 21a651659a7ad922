"""The one place that states the order of the stages."""

from __future__ import annotations

from datetime import datetime
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


def plan(image: Image) -> None:
    """Make the run row of every stage of a new image, not looked at yet. Call it in the image's own transaction."""
    for _, run_model, _ in STAGES:
        run_model.objects.create(image=image, queued_at=timezone.now())


def start(image_id: int) -> None:
    """Hand an image to the stages that it has not passed yet; nothing happens when it has passed all.

    The messages of all stages carry the time that the run rows get, so that the sweep can compare the two.
    """
    now = timezone.now()
    names = [name for name, run_model, _ in STAGES if mark_queued(run_model, image_id, now)]
    headers = {ENQUEUED_AT: now.isoformat()}
    if names:
        chain(*(signature(name, args=(image_id,), immutable=True, headers=headers) for name in names)).apply_async()


def mark_queued(run_model: RunModel, image_id: int, now: datetime) -> bool:
    """Note when a stage was handed an image; whether it has still to look at it."""
    due = run_model.objects.filter(image_id=image_id, status=RunStatus.QUEUED)
    return bool(due.update(queued_at=now))
