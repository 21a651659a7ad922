"""The task of plate reading."""

from __future__ import annotations

import logging

from celery import shared_task

from cameras.runs import note_failure
from plates.models import RecognitionRun
from plates.services import run_recognition

log = logging.getLogger(__name__)


@shared_task(name="plates.read_plates")
def read_plates(image_id: int) -> None:
    """Read the number plates of an image where the policy wants it. A vanished image is a clean end."""
    try:
        log.info("image %s: plates %s", image_id, run_recognition(image_id))
    except RecognitionRun.DoesNotExist:
        log.info("image %s is gone: nothing to read", image_id)
    except Exception as problem:
        note_failure(RecognitionRun.objects.get(image_id=image_id), problem)
        raise
