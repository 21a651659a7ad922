"""Looking at images anew, as if nobody ever had: what people ask for after they changed settings or models."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from datetime import datetime
from hashlib import sha256

from django.db import transaction
from django.db.models import Q, QuerySet

from cameras.models import Image, RunStatus
from cameras.runs import reset
from detections.models import Detection
from ingest import pipeline, queues
from ingest.marks import read_mark, write_mark
from plates.models import PlateReading
from plates.services import remove_readings

BATCH = 50
ROOM = 200
"""So many messages may wait for detection before more are added: live pictures come after no more than these."""
PAUSE_SECONDS = 1.0


def reprocess(images: Iterable[Image]) -> int:
    """Have all stages look at images anew; how many. What they found goes, but for what people corrected.

    Raises `kombu.exceptions.OperationalError` where the broker is not there; the sweep then hands over what is reset.
    """
    done = 0
    for image in images:
        forget(image)
        pipeline.start(image)
        done += 1
    return done


def retry_failed(images: Iterable[Image]) -> int:
    """Have the stages that failed, and those after them, look at images anew; how many. Raises as `reprocess` does."""
    done = 0
    for image in images:
        pipeline.restart_failed(image)
        done += 1
    return done


def forget(image: Image) -> None:
    """Reset the runs of an image and remove what they found, and plates that were known by it alone."""
    with transaction.atomic():
        for stage in pipeline.STAGES:
            run, _ = stage.runs.objects.get_or_create(image=image, defaults={"queued_at": pipeline.NEVER})
            reset(run)
        Detection.objects.filter(image=image).delete()
        remove_readings(PlateReading.objects.filter(image=image, corrected_at=None))


def failed(images: QuerySet[Image]) -> QuerySet[Image]:
    """Those of which a stage failed."""
    return images.filter(Q(detection_run__status=RunStatus.FAILED) | Q(recognition_run__status=RunStatus.FAILED))


def mark_name(*selection: object) -> str:
    """The name under which the progress of a selection of images is kept."""
    return f"reprocess-{sha256(repr(selection).encode()).hexdigest()[:12]}"


def stopped_at(name: str) -> datetime | None:
    """Up to when a selection was handed over before it was stopped, newest first; None where nothing is to go on."""
    at = read_mark(name)
    return at if at and at > pipeline.NEVER else None


def batches(images: QuerySet[Image], name: str, failed_only: bool) -> Iterator[int]:
    """Hand over images, newest first, as fast as they are looked at; yields the size of each batch.

    Stopped anywhere, it goes on there when it is called again: how far it came is kept under that name.
    """
    handed_over = retry_failed if failed_only else reprocess
    rows = images.select_related("camera__node").order_by("-received_at", "-id")
    since = stopped_at(name)
    left = rows.filter(received_at__lte=since) if since else rows
    while batch := list(left[:BATCH]):
        wait_for_room()
        handed_over(batch)
        last = batch[-1]
        write_mark(name, last.received_at)
        left = rows.filter(Q(received_at__lt=last.received_at) | Q(pk__lt=last.pk), received_at__lte=last.received_at)
        yield len(batch)
    write_mark(name, pipeline.NEVER)


def wait_for_room() -> None:
    """Wait while as many images as may wait for detection. Raises `redis.RedisError` without the broker."""
    while queues.depths()["detect"] >= ROOM:
        time.sleep(PAUSE_SECONDS)
