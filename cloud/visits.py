"""What to send of a visit: its best pictures first, and no more once its plates are known."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Max
from django.utils import timezone

import environment
from cameras import runs
from cameras.models import Image, PlateSource, RunStatus
from cloud.models import CloudRun
from detections.detectors.labels import VEHICLES
from detections.models import Detection
from plates.models import PlateReading

QUIET = timedelta(seconds=5)
"""A visit without a picture for so long is over, as far as sending is concerned; longer than a visit's gap."""
LONGEST_WAIT = timedelta(minutes=1)
"""A picture of a visit that goes on and on is sent after so long all the same."""
IN_HAND = timedelta(seconds=60)
"""Longer than a task may take: what was begun before and has not ended may be begun again."""


def due_images(before: datetime, most: int) -> list[Image]:
    """Of every visit whose turn it is one image that waits, newest visits first.

    `before`: what was handed over since then is still on its way.
    """
    waiting = CloudRun.objects.filter(status=RunStatus.QUEUED).exclude(image__recognition_run__status=RunStatus.QUEUED)
    rows = waiting.select_related("image__camera", "image__visit").order_by("later", "-image_id")[: 20 * most]
    groups: dict[tuple[str, int], list[CloudRun]] = {}
    for run in rows:
        visit = run.image.visit_id
        groups.setdefault(("visit", visit) if visit else ("image", run.image_id), []).append(run)
    found = [found[0].image for found in groups.values() if is_due(found, before)]
    return found[:most]


def is_due(waiting: list[CloudRun], before: datetime) -> bool:
    """Whether a visit's waiting pictures can be decided upon: nobody does, and it is over or has lasted long enough."""
    now = timezone.now()
    if any(run.queued_at >= before or (run.begun_at and run.begun_at > now - IN_HAND) for run in waiting):
        return False
    visit = waiting[0].image.visit
    if visit is None or min(run.image.received_at for run in waiting) < now - LONGEST_WAIT:
        return True
    here = visit.images.filter(recognition_run__status=RunStatus.QUEUED)
    return (visit.closed_at is not None or visit.ended_at < now - QUIET) and not here.exists()


def waiting_with(image: Image) -> list[CloudRun]:
    """The runs that wait in an image's visit, its own among them: the one to send first comes first.

    What was begun already comes before all others, so that failures never make more pictures go out.
    """
    due = CloudRun.objects.filter(status=RunStatus.QUEUED).select_related("image__camera", "image__visit")
    ready = due.exclude(image__recognition_run__status=RunStatus.QUEUED)
    found = list(ready.filter(image__visit=image.visit_id) if image.visit_id else ready.filter(image=image))
    rank = {one: number for number, one in enumerate(best_first([run.image for run in found]))}
    return sorted(found, key=lambda run: (not run.attempts, rank[run.image_id]))


def best_first(images: list[Image]) -> list[int]:
    """The keys of images, first those whose plate was read best, then those with the largest vehicle."""
    keys = [image.pk for image in images]
    read = dict(PlateReading.objects.filter(image__in=keys).order_by().values_list("image").annotate(Max("confidence")))
    sizes: dict[int, float] = {}
    boxes = Detection.objects.filter(image__in=keys, label__in=VEHICLES)
    for key, x1, y1, x2, y2 in boxes.values_list("image", "x1", "y1", "x2", "y2"):
        sizes[key] = max(sizes.get(key, 0.0), (x2 - x1) * (y2 - y1))
    return sorted(keys, key=lambda key: (-read.get(key, 0.0), -sizes.get(key, 0.0), key))


def enough(image: Image) -> str:
    """Why no further picture of an image's visit has to be sent; empty where one has."""
    sent = CloudRun.objects.filter(attempts__gt=0, **_of_visit(image)).count()
    if sent or image.camera.plate_source == PlateSource.LOCAL_THEN_CLOUD:
        sure = sure_text(image)
        if sure:
            return f"the visit has a sure reading already: {sure}"
    most = environment.current().plate_recognizer_per_visit
    if sent >= most:
        return f"{sent} of the visit's pictures were sent, the most that may be (PLATE_RECOGNIZER_PER_VISIT)"
    return ""


def sure_text(image: Image) -> str:
    """The plate that is known well enough in an image's visit, by this computer or by the service; empty where none."""
    doubt = environment.current().plate_recognizer_doubt
    best = PlateReading.objects.filter(**_of_visit(image)).order_by("-confidence").first()
    return f"{best.text}, {best.confidence:.2f}" if best and best.confidence >= doubt else ""


def skip_all(waiting: list[CloudRun], reason: str) -> None:
    """End the runs of a visit without sending their pictures."""
    for run in waiting:
        runs.skip(CloudRun, run.image_id, reason)


def _of_visit(image: Image) -> dict[str, int]:
    return {"image__visit_id": image.visit_id} if image.visit_id else {"image_id": image.pk}
