"""Writes of plates and readings: run the reader on one image."""

from __future__ import annotations

import logging
import time
from functools import lru_cache

from django.db import transaction

import environment
from cameras import runs
from cameras.models import RunStatus
from detections.models import Detection, DetectionRun
from detections.picture import Picture, UnreadablePicture
from plates.looking import read_picture
from plates.models import Plate, PlateReading, RecognitionRun
from plates.policy import Wish, wants_reading
from plates.readers import create
from plates.readers.base import FoundPlate, PlateReader

log = logging.getLogger(__name__)

MAX_READINGS = 8


@lru_cache(maxsize=1)
def loaded_reader() -> PlateReader:
    """The reader that PLATE_READER names, loaded once a process on first use."""
    env = environment.current()
    return create(env.plate_reader, env)


def run_recognition(image_id: int) -> str:
    """Read the plates of one image where the policy wants it, store them, and return the run's status.

    A finished run stands. Raises `RecognitionRun.DoesNotExist` where the image is gone, and what the reader raises.
    """
    run = RecognitionRun.objects.select_related("image__camera").get(image_id=image_id)
    if run.finished:
        return run.status
    wish = wish_for(run)
    if wish is None:
        log.warning("image %s: detection has not ended, so that plates cannot be read yet", image_id)
        return run.status
    if wish.reason:
        return runs.finish(run, RunStatus.SKIPPED, reason=wish.reason)
    reader = loaded_reader()
    if not runs.begin(run):
        return RunStatus.FAILED
    started = time.perf_counter()
    try:
        found = read_picture(reader, Picture.read(run.image.file), wish.boxes, wish.whole)
    except (UnreadablePicture, FileNotFoundError) as problem:
        log.error("image %s cannot be read: %s", image_id, problem)
        return runs.finish(run, RunStatus.FAILED, reason=str(problem))
    run.duration_ms = (time.perf_counter() - started) * 1000
    run.model, run.version = reader.name, reader.version
    return save_readings(run, found[:MAX_READINGS])


def wish_for(run: RecognitionRun) -> Wish | None:
    """What the policy wants of the run's image; None while detection has still to look at it."""
    camera, detection = run.image.camera, DetectionRun.objects.get(image_id=run.image_id)
    if detection.status == RunStatus.QUEUED:
        return None
    objects = [(thing.label, thing.box) for thing in Detection.objects.filter(image_id=run.image_id)]
    return wants_reading(camera.plates, detection.status, objects, camera.labels)


def save_readings(run: RecognitionRun, found: list[FoundPlate]) -> str:
    """Replace the image's readings that nobody corrected and finish its run, in one transaction."""
    plates = {plate.text: Plate.objects.get_or_create(text=plate.text)[0] for plate in found}
    with transaction.atomic():
        current = RecognitionRun.objects.select_for_update().get(pk=run.pk)
        if current.finished:  # another worker was faster
            return current.status
        PlateReading.objects.filter(image_id=run.image_id, corrected_at=None).delete()
        PlateReading.objects.bulk_create(reading_row(run, plate, plates[plate.text]) for plate in found)
        return runs.finish(run, RunStatus.DONE if found else RunStatus.EMPTY)


def reading_row(run: RecognitionRun, found: FoundPlate, plate: Plate) -> PlateReading:
    """The row of one reading, not saved."""
    x1, y1, x2, y2 = (round(edge, 1) for edge in found.box)
    return PlateReading(
        image_id=run.image_id,
        plate=plate,
        text=found.text[:16],
        raw_text=found.raw_text[:32],
        confidence=round(found.confidence, 4),
        x1=x1,
        y1=y1,
        x2=x2,
        y2=y2,
        candidates=[{"text": one.text, "confidence": round(one.confidence, 4)} for one in found.candidates],
        reader=run.model,
        at=run.image.received_at,
    )
