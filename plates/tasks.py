"""The task of plate reading."""

from __future__ import annotations

import logging

from celery import shared_task

from cameras.models import Image
from plates.models import RecognitionRun
from plates.services import run_recognition
from plates.sightings import merge_soon

log = logging.getLogger(__name__)


@shared_task(name="plates.read_plates")
def read_plates(image_id: int) -> Image | None:
    """Read the number plates of an image where the policy wants it, and merge them with those of its visit.

    Returns the image that was looked at. A vanished image is a clean end.
    """
    try:
        run = run_recognition(image_id)
    except RecognitionRun.DoesNotExist:
        log.info("the image is gone: nothing to read")
        return None
    log.info("plates: %s", run.status)
    merge_soon(run.image_id)
    return run.image
