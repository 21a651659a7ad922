"""Writes of detections: run the detector on one image."""

from __future__ import annotations

import logging
import time
from functools import lru_cache

from django.db import transaction

import environment
import logs
from cameras import runs
from cameras.models import Camera, Image, RunStatus, ZoneKind
from detections.detectors import create
from detections.detectors.base import Detector, FoundObject
from detections.filtering import Wanted, wanted
from detections.grouping import shadowed
from detections.models import Detection, DetectionRun
from detections.picture import Picture, UnreadablePicture

log = logging.getLogger(__name__)

MAX_OBJECTS = 20
"""At most so many detections are kept an image, the best first."""


@lru_cache(maxsize=1)
def loaded_detector() -> Detector:
    """The detector that DETECTOR names, loaded once a process on first use."""
    env = environment.current()
    return create(env.detector, env)


NOT_WANTED = "objects are not looked for on this camera"


def leave_out(image: Image) -> bool:
    """Whether nobody wants objects found in an image; its run then says so."""
    if not image.camera.detect:
        runs.skip(DetectionRun, image, NOT_WANTED)
    return not image.camera.detect


def run_detection(image_id: int) -> DetectionRun:
    """Find the objects of one image, store them, and return the run; one that has ended stands.

    Where the image's camera wants its newest images first, that may be another image than the one whose turn came.
    Raises `DetectionRun.DoesNotExist` where the image is gone, and what the model raises.
    """
    runs_with_image = DetectionRun.objects.select_related("image__camera")
    run = runs.turn(runs_with_image.get(image_id=image_id), runs_with_image)
    logs.bind(message=str(run.image.message_id), image=run.image_id)
    if run.ended:
        return run
    if leave_out(run.image):
        run.status = RunStatus.SKIPPED
        return run
    detector = loaded_detector()
    if runs.begin(run):
        with runs.attempt(run):
            look(run, detector)
    return run


def look(run: DetectionRun, detector: Detector) -> None:
    """Have the detector look at a run's image, and end the run."""
    started = time.perf_counter()
    wants = wants_of(run.image.camera)
    try:
        picture = Picture.read(run.image.file)
        found = wanted(detector.detect(picture, wants.floor), wants, picture.width, picture.height)[:MAX_OBJECTS]
    except (UnreadablePicture, FileNotFoundError) as problem:
        log.error("the picture cannot be looked at: %s", problem)
        runs.finish(run, RunStatus.FAILED, reason=str(problem))
        return
    run.duration_ms = (time.perf_counter() - started) * 1000
    run.model, run.version = detector.name, detector.version
    save_detections(run, found)


def wants_of(camera: Camera) -> Wanted:
    """What a camera's row and zones ask for now."""
    zones: dict[str, list[list[list[float]]]] = {kind: [] for kind in ZoneKind.values}
    for kind, points in camera.zones.values_list("kind", "points"):
        zones[kind].append(points)
    return Wanted(
        labels=frozenset(camera.labels),
        floor=environment.current().detection_min_score,
        score=camera.min_score,
        scores=camera.scores,
        min_share=camera.min_size / 100,
        max_share=camera.max_size / 100,
        include=zones[ZoneKind.INCLUDE],
        ignore=zones[ZoneKind.IGNORE],
    )


def save_detections(run: DetectionRun, found: list[FoundObject]) -> None:
    """Replace the image's detections and finish its run, in one transaction."""
    with transaction.atomic():
        if not runs.finish(run, RunStatus.DONE if found else RunStatus.EMPTY):  # another worker was faster
            run.refresh_from_db(fields=["status"])
            return
        Detection.objects.filter(image_id=run.image_id).delete()
        Detection.objects.bulk_create(detection_rows(run.image_id, found))


def detection_rows(image_id: int, found: list[FoundObject]) -> list[Detection]:
    """The rows of an image's things, best first, not saved; those that only repeat a better one's thing are marked."""
    rows = [
        Detection(
            image_id=image_id,
            label=thing.label,
            confidence=round(thing.score, 4),
            **dict(zip(("x1", "y1", "x2", "y2"), (round(edge, 1) for edge in thing.box), strict=True)),
        )
        for thing in found
    ]
    for row, is_shadowed in zip(rows, shadowed(rows), strict=True):
        row.shadowed = is_shadowed
    return rows
