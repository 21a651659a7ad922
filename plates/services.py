"""Writes of readings: run the reader on one image."""

from __future__ import annotations

import logging
import time
from functools import lru_cache

from django.db import transaction
from django.db.models import Q

import environment
import logs
from cameras import runs
from cameras.models import Image, PlateSource, RunStatus, Visit
from detections.models import Detection, DetectionRun
from detections.picture import Picture, UnreadablePicture
from plates.looking import SAME_PLATE, read_picture, shared
from plates.models import PlateReading, RecognitionRun
from plates.policy import CLOUD_ALONE, Wish, wants_reading
from plates.readers import create
from plates.readers.base import CLOUD_READER, FoundPlate, PlateReader
from plates.regions import expected

log = logging.getLogger(__name__)

MAX_READINGS = 8


@lru_cache(maxsize=1)
def loaded_reader() -> PlateReader:
    """The reader that PLATE_READER names, loaded once a process on first use."""
    env = environment.current()
    return create(env.plate_reader, env)


def leave_out(image: Image) -> bool:
    """Whether nobody wants plates read in an image; its run then says why. Never while detection has not ended."""
    wish = local_wish(image)
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
    wish = local_wish(run.image)
    if wish is None:
        log.warning("detection has not ended, so that plates cannot be read yet")
        return run
    if wish.reason:
        runs.finish(run, RunStatus.SKIPPED, reason=wish.reason)
        return run
    reader = loaded_reader()
    reader.expect(expected(environment.current()))
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


def local_wish(image: Image) -> Wish | None:
    """What this computer has to read in an image; None while detection has still to look at it."""
    return Wish(reason=CLOUD_ALONE) if image.camera.plate_source == PlateSource.CLOUD else wish_for(image)


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
        replace_readings(run.image, run.model, found)
        runs.finish(run, RunStatus.DONE if found else RunStatus.EMPTY)


def replace_readings(image: Image, reader: str, found: list[FoundPlate]) -> None:
    """Replace what a reader read on an image, but for what people corrected. Called inside a transaction.

    The service that is paid for is one reader, all that ever read on this computer are another.
    """
    rows = PlateReading.objects.filter(image=image)
    paid = Q(reader=CLOUD_READER)
    rows.filter(paid if reader == CLOUD_READER else ~paid, corrected_at=None).delete()
    corrected = [row.box for row in rows.exclude(corrected_at=None)]
    new = [plate for plate in found if not any(shared(plate.box, box) > SAME_PLATE for box in corrected)]
    PlateReading.objects.bulk_create(reading_row(image, reader, plate) for plate in new)


def reading_row(image: Image, reader: str, found: FoundPlate) -> PlateReading:
    """The row of one reading, not saved."""
    x1, y1, x2, y2 = (round(edge, 1) for edge in found.box)
    return PlateReading(
        image=image,
        text=found.text[:16],
        raw_text=found.raw_text[:32],
        confidence=round(found.confidence, 4),
        x1=x1,
        y1=y1,
        x2=x2,
        y2=y2,
        candidates=[{"text": one.text, "confidence": round(one.confidence, 4)} for one in found.candidates],
        characters=[[[one, round(share, 4)] for one, share in place] for place in found.characters],
        reader=reader,
        at=image.received_at,
    )
