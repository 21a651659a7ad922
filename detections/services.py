"""Writes of detections: run the detector on one image."""

from __future__ import annotations

import logging
import time
from functools import lru_cache

from django.db import transaction

import environment
from cameras import runs
from cameras.models import Camera, RunStatus
from detections.detectors import create
from detections.detectors.base import Detector, FoundObject
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


def run_detection(image_id: int) -> str:
    """Find the objects of one image, store them, and return the run's status; a finished run stands.

    Raises `DetectionRun.DoesNotExist` where the image is gone, and what the model raises.
    """
    run = DetectionRun.objects.select_related("image__camera").get(image_id=image_id)
    if run.finished:
        return run.status
    camera = run.image.camera
    if not camera.detect:
        return runs.finish(run, RunStatus.SKIPPED, reason="objects are not looked for on this camera")
    detector = loaded_detector()
    if not runs.begin(run):
        return RunStatus.FAILED
    started = time.perf_counter()
    try:
        found = wanted(camera, detector.detect(Picture.read(run.image.file), camera.min_score))
    except (UnreadablePicture, FileNotFoundError) as problem:
        log.error("image %s cannot be looked at: %s", image_id, problem)
        return runs.finish(run, RunStatus.FAILED, reason=str(problem))
    run.duration_ms = (time.perf_counter() - started) * 1000
    run.model, run.version = detector.name, detector.version
    return save_detections(run, found)


def wanted(camera: Camera, found: list[FoundObject]) -> list[FoundObject]:
    """Those that the camera's labels ask for, the best `MAX_OBJECTS`."""
    labels = set(camera.labels)
    return [thing for thing in found if not labels or thing.label in labels][:MAX_OBJECTS]


def save_detections(run: DetectionRun, found: list[FoundObject]) -> str:
    """Replace the image's detections and finish its run, in one transaction."""
    with transaction.atomic():
        current = DetectionRun.objects.select_for_update().get(pk=run.pk)
        if current.finished:  # another worker was faster
            return current.status
        Detection.objects.filter(image_id=run.image_id).delete()
        Detection.objects.bulk_create(
            Detection(
                image_id=run.image_id,
                label=thing.label,
                confidence=round(thing.score, 4),
                **dict(zip(("x1", "y1", "x2", "y2"), (round(edge, 1) for edge in thing.box), strict=True)),
            )
            for thing in found
        )
        return runs.finish(run, RunStatus.DONE if found else RunStatus.EMPTY)
