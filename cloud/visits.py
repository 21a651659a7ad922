"""What to send of a visit: its best pictures first, and no more once its plates are known."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import islice

from django.utils import timezone

import environment
from cameras import runs
from cameras.models import Image, PlateSource, RunStatus
from cameras.visits import gap_of
from cloud import pace
from cloud.models import CloudRun
from cloud.services import skip_unwanted
from plates.models import PlateReading, Sighting, SightingStatus
from plates.readers.base import CLOUD_READER
from plates.sightings import best_images

KNOWN = (SightingStatus.MATCHED, SightingStatus.NEW)
SLACK = timedelta(seconds=1)
"""What a picture may need to be indexed: a visit is over when its gap and this have passed without one."""
LONGEST_WAIT = timedelta(minutes=1)
"""A picture of a visit that goes on and on is sent after so long all the same."""
IN_HAND = timedelta(seconds=60)
"""Longer than a task may take: what was begun before and has not ended may be begun again."""


def due_images(before: datetime, most: int) -> list[Image]:
    """Of every visit whose turn it is one image that waits, newest visits first.

    `before`: what was handed over since then is still on its way.
    """
    row = pace.state()
    if pace.paused(row) and not pace.standing_reason(row):
        return []
    waiting = CloudRun.objects.filter(status=RunStatus.QUEUED).exclude(image__recognition_run__status=RunStatus.QUEUED)
    rows = waiting.select_related("image__camera", "image__visit__camera").order_by("later", "-image_id")[: 20 * most]
    groups: dict[tuple[str, int], list[CloudRun]] = {}
    for run in rows:
        visit = run.image.visit_id
        groups.setdefault(("visit", visit) if visit else ("image", run.image_id), []).append(run)
    firsts = islice((group[0].image for group in groups.values() if is_due(group, before)), most)
    return [image for image in firsts if not skip_unwanted(image)]


def is_due(waiting: list[CloudRun], before: datetime) -> bool:
    """Whether a visit's waiting pictures can be decided upon: nobody does, and it is over or has lasted long enough."""
    now = timezone.now()
    if any(run.queued_at >= before or (run.begun_at and run.begun_at > now - IN_HAND) for run in waiting):
        return False
    visit = waiting[0].image.visit
    if visit is None or min(run.image.received_at for run in waiting) < now - LONGEST_WAIT:
        return True
    if visit.stale or (visit.closed_at is None and visit.ended_at > now - gap_of(visit.camera) - SLACK):
        return False
    return not visit.images.filter(recognition_run__status=RunStatus.QUEUED).exists()


def waiting_with(image: Image) -> list[CloudRun]:
    """The runs that wait in an image's visit, its own among them: the one to send first comes first.

    What was begun already comes before all others, so that failures never make more pictures go out.
    """
    due = CloudRun.objects.filter(status=RunStatus.QUEUED).select_related("image__camera", "image__visit")
    ready = due.exclude(image__recognition_run__status=RunStatus.QUEUED)
    found = list(ready.filter(image__visit=image.visit_id) if image.visit_id else ready.filter(image=image))
    ranked = best_images(image.visit) if image.visit else [image]
    rank = {one.pk: number for number, one in enumerate(ranked)}
    return sorted(found, key=lambda run: (not run.attempts, rank.get(run.image_id, len(rank)), run.image_id))


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
    """The plates of an image's visit, where each of its vehicles has one that is sure enough; empty where not.

    By what its readings say together, those of the service among them. An image without a visit speaks for itself.
    """
    doubt = environment.current().plate_recognizer_doubt
    vehicles = list(Sighting.objects.filter(visit=image.visit_id)) if image.visit_id else []
    if vehicles:
        sure = all(is_sure(one, doubt) for one in vehicles)
        return ", ".join(one.text for one in vehicles) if sure else ""
    best = PlateReading.objects.filter(**_of_visit(image)).order_by("-confidence").first()
    return best.text if best and best.confidence >= doubt else ""


def is_sure(vehicle: Sighting, doubt: float) -> bool:
    """Whether a vehicle's readings are sure of its plate together, or the service was surely of the same mind."""
    if vehicle.status not in KNOWN or vehicle.confidence >= doubt:
        return vehicle.status in KNOWN
    said = PlateReading.objects.filter(sighting=vehicle, reader=CLOUD_READER, text=vehicle.text)
    return said.filter(confidence__gte=doubt).exists()


def skip_all(waiting: list[CloudRun], reason: str) -> None:
    """End the runs of a visit without sending their pictures."""
    for run in waiting:
        runs.skip(CloudRun, run.image, reason)


def _of_visit(image: Image) -> dict[str, int]:
    return {"image__visit_id": image.visit_id} if image.visit_id else {"image_id": image.pk}
