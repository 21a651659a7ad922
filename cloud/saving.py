"""From an answer to readings."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from cameras import runs
from cameras.models import RunStatus, Visit
from cloud.answers import Answer
from cloud.models import CallStatus, CloudCall, CloudRun
from plates.readers.base import CLOUD_READER
from plates.services import replace_readings
from plates.sightings import merge_sightings


def save_answer(run: CloudRun, call: CloudCall, answer: Answer) -> None:
    """Keep an answer, replace the service's readings of the image, and end its run, in one transaction.

    Then the visit's vehicles are made out anew, since they tell whether another picture has to be sent.
    """
    run.model, run.version = CLOUD_READER, answer.version
    call.status, call.ended_at = CallStatus.ANSWERED, timezone.now()
    call.service_ms, call.vehicles = answer.service_ms, answer.vehicles
    visits = Visit.objects.filter(images=run.image_id)
    with transaction.atomic():
        visits.update(stale=True)  # first, as everybody does who locks a visit and what belongs to it
        call.save()
        if not runs.finish(run, RunStatus.DONE if answer.plates else RunStatus.EMPTY):  # another worker was faster
            return
        replace_readings(run.image, CLOUD_READER, answer.plates)
    for visit in visits.values_list("pk", flat=True):
        merge_sightings(visit)
