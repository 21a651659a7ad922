"""The task of object detection."""

from __future__ import annotations

import logging

from celery import shared_task

from cameras.models import Image
from detections.models import DetectionRun
from detections.services import run_detection

log = logging.getLogger(__name__)


@shared_task(name="detections.detect_objects")
def detect_objects(image_id: int) -> Image | None:
    """Find the objects of an image; returns the one that was looked at. A vanished image is a clean end."""
    try:
        run = run_detection(image_id)
    except DetectionRun.DoesNotExist:
        log.info("the image is gone: nothing to detect")
        return None
    log.info("objects: %s", run.status)
    return run.image
