"""From an answer to readings."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from cameras import runs
from cameras.models import RunStatus, Visit
from cloud.answers import Answer
from cloud.models import CallStatus, CloudCall, CloudRun
from plates.models import Plate, PlateReading
from plates.readers.base import CLOUD_READER
from plates.services import reading_row


def save_answer(run: CloudRun, call: CloudCall, answer: Answer) -> None:
    """Replace the service's readings of the image that nobody corrected, and end its run, in one transaction."""
    plates = {plate.text: Plate.objects.get_or_create(text=plate.text)[0] for plate in answer.plates}
    run.model, run.version = CLOUD_READER, answer.version
    call.status, call.ended_at = CallStatus.ANSWERED, timezone.now()
    call.service_ms, call.vehicles = answer.service_ms, answer.vehicles
    with transaction.atomic():
        call.save()
        if not runs.finish(run, RunStatus.DONE if answer.plates else RunStatus.EMPTY):  # another worker was faster
            return
        PlateReading.objects.filter(image_id=run.image_id, reader=CLOUD_READER, corrected_at=None).delete()
        PlateReading.objects.bulk_create(reading_row(run, one, plates[one.text]) for one in answer.plates)
        Visit.objects.filter(images=run.image_id).update(stale=True)
