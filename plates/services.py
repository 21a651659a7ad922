"""Writes of readings: run the reader on one image."""

from __future__ import annotations

import logging
import time
from functools import lru_cache

from django.db import transaction

import environment
import logs
from cameras import runs
from cameras.models import Image, RunStatus, Visit
from detections.models import Detection, DetectionRun
from detections.picture import Picture, UnreadablePicture
from plates.looking import SAME_PLATE, read_picture, shared
from plates.models import PlateReading, RecognitionRun
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


def leave_out(image: Image) -> bool:
    """Whether nobody wants plates read in an image; its run then says why. Never while detection has not ended."""
    wish = wish_for(image)
    if wish is None or not wish.reason:
        return False
    runs.skip(RecognitionRun, image, wish.reason)
    return True


def run_recognition(image_id: int) -> RecognitionRun:
    """Read the plates of one image where the policy wants it, store them, and return the run; one that ended stands.

    Where the image's camera wants its newest images first, that may be another image than the
    one whose turn came. Raises `RecognitionRun.DoesNotExist` where the image is gone, and what the reader raises.
    """
    with_image = RecognitionRun.objects.select_related("image__camera")
    ready = with_image.exclude(image__detection_run__status=RunStatus.QUEUED)
    run = runs.turn(with_image.get(image_id=image_id), ready)
    logs.bind(message=str(run.image.message_id), image=run.image_id)
    if run.ended:
        return run
    wish = wish_for(run.image)
    if wish is None:
        log.warning("detection has not ended, so that plates cannot be read yet")
        return run
    if wish.reason:
        runs.finish(run, RunStatus.SKIPPED, reason=wish.reason)
        return run
    reader = loaded_reader()
    if runs.begin(run):
        with runs.attempt(run):
            read(run, reader, wish)
    return run


def read(run: RecognitionRun, reader: PlateReader, wish: Wish) -> None:
    """Have the reader look at a run's image, and end the run."""
    started = time.perf_counter()
    try:
        found = read_picture(reader, Picture.read(run.image.file), wish.boxes, wish.whole)
    except (UnreadablePicture, FileNotFoundError) as problem:
        log.error("the picture cannot be read: %s", problem)
        runs.finish(run, RunStatus.FAILED, reason=str(problem))
        return
    run.duration_ms = (time.perf_counter() - started) * 1000
    run.model, run.version = reader.name, reader.version
    save_readings(run, found[:MAX_READINGS])


def wish_for(image: Image) -> Wish | None:
    """What the policy wants of an image; None while detection has still to look at it."""
    detection = DetectionRun.objects.values_list("status", flat=True).get(image=image)
    if detection == RunStatus.QUEUED:
        return None
    rows = Detection.objects.filter(image=image).values_list("label", "x1", "y1", "x2", "y2")
    objects = [(label, (x1, y1, x2, y2)) for label, x1, y1, x2, y2 in rows]
    return wants_reading(image.camera.plates, detection, objects, image.camera.labels)


def save_readings(run: RecognitionRun, found: list[FoundPlate]) -> None:
    """Replace the image's readings that nobody corrected and finish its run, in one transaction.

    Which plates they are is for the image's visit to say, see `plates/sightings.py`.
    """
    with transaction.atomic():
        # First, as everybody does who locks a visit and what belongs to it.
        Visit.objects.filter(pk=Image.objects.values_list("visit").get(pk=run.image_id)[0]).update(stale=True)
        current = RecognitionRun.objects.select_for_update().get(pk=run.pk)
        if current.ended:  # another worker was faster
            run.status = current.status
            return
        readings = PlateReading.objects.filter(image_id=run.image_id)
        readings.filter(corrected_at=None).delete()
        corrected = [row.box for row in readings]
        new = [plate for plate in found if not any(shared(plate.box, box) > SAME_PLATE for box in corrected)]
        PlateReading.objects.bulk_create(reading_row(run, plate) for plate in new)
        runs.finish(run, RunStatus.DONE if found else RunStatus.EMPTY)


def reading_row(run: RecognitionRun, found: FoundPlate) -> PlateReading:
    """The row of one reading, not saved."""
    x1, y1, x2, y2 = (round(edge, 1) for edge in found.box)
    return PlateReading(
        image_id=run.image_id,
        text=found.text[:16],
        raw_text=found.raw_text[:32],
        confidence=round(found.confidence, 4),
        x1=x1,
        y1=y1,
        x2=x2,
        y2=y2,
        candidates=[{"text": one.text, "confidence": round(one.confidence, 4)} for one in found.candidates],
        characters=[[[one, round(share, 4)] for one, share in place] for place in found.characters],
        reader=run.model,
        at=run.image.received_at,
    )
