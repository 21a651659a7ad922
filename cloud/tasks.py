"""The tasks of cloud reading. What calls the service is loaded by the workers that do."""

from __future__ import annotations

import logging

from celery import shared_task

from cameras.models import Camera, Image, PlateSource
from cloud.models import CloudRun

log = logging.getLogger(__name__)


@shared_task(name="cloud.ask_service")
def ask_service(image_id: int) -> Image | None:
    """Have the service read the best waiting picture of an image's visit. A vanished image is a clean end."""
    from cloud.asking import run_cloud

    try:
        return run_cloud(image_id).image
    except CloudRun.DoesNotExist:
        log.info("the image is gone: nothing to send")
        return None


@shared_task(name="cloud.ask_usage")
def ask_usage() -> None:
    """Learn what the account has used, by others too, where a camera needs it; a service that does not tell is fine."""
    from cloud.outcomes import ask_usage as ask

    if Camera.objects.exclude(plate_source=PlateSource.LOCAL).filter(retired_at=None).exists():
        told = ask()
        log.info("usage of Plate Recognizer: %s", told)
