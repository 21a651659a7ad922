"""The task of object detection."""

from __future__ import annotations

import logging

from celery import shared_task

from cameras.runs import note_failure
from detections.models import DetectionRun
from detections.services import run_detection

log = logging.getLogger(__name__)


@shared_task(name="detections.detect_objects")
def detect_objects(image_id: int) -> None:
    """Find the objects of an image. A vanished image is a clean end."""
    try:
        log.info("image %s: objects %s", image_id, run_detection(image_id))
    except DetectionRun.DoesNotExist:
        log.info("image %s is gone: nothing to detect", image_id)
    except Exception as problem:
        note_failure(DetectionRun.objects.get(image_id=image_id), problem)
        raise
