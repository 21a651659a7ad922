"""Looking at images anew, as if nobody ever had: what people ask for after they changed settings or models."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import reduce
from hashlib import sha256
from operator import or_

from django.db import transaction
from django.db.models import Q, QuerySet

from cameras.models import Image, RunStatus, Visit
from cameras.runs import reset
from detections.models import Detection
from ingest import load, pipeline, queues
from ingest.marks import read_mark, write_mark
from plates.models import PlateReading
from plates.readers.base import CLOUD_READER
from plates.removing import remove_readings

BATCH = 50
ROOM = 200
"""So many messages may wait to be looked at anew before more are added, so that a stop is heeded soon."""
PAUSE_SECONDS = 1.0


def reprocess(images: Iterable[Image], first: pipeline.Stage = pipeline.STAGES[0], *, later: bool = False) -> int:
    """Have a stage and those after it look at images anew; how many.

    What they found goes, but for what people corrected.
    `later`: behind everything that is live. Raises `kombu.exceptions.OperationalError` where the broker is not there;
    the sweep then hands over what is reset.
    """
    done = 0
    for image in images:
        forget(image, first, later=later)
        pipeline.start(image)
        done += 1
    return done


def retry_failed(images: Iterable[Image], *, later: bool = False) -> int:
    """Have the stages that failed, and those after them, look at images anew; how many. Raises as `reprocess` does."""
    done = 0
    for image in images:
        pipeline.restart_failed(image, later=later)
        done += 1
    return done


def forget(image: Image, first: pipeline.Stage = pipeline.STAGES[0], *, later: bool = False) -> None:
    """Reset the runs of an image from a stage on and remove what they found, and plates that were known by it alone.

    A stage that is paid for looks anew only where it is the first.
    """
    stages = [one for one in pipeline.STAGES[pipeline.STAGES.index(first) :] if one is first or not one.paid]
    with transaction.atomic():
        Visit.objects.filter(images=image).update(stale=True)
        for stage in stages:
            run, _ = stage.runs.objects.get_or_create(image=image, defaults={"queued_at": pipeline.NEVER})
            reset(run, later=later)
        if first is pipeline.STAGES[0]:
            Detection.objects.filter(image=image).delete()
        readings = PlateReading.objects.filter(image=image, corrected_at=None)
        paid = Q(reader=CLOUD_READER)
        remove_readings(readings.filter(paid if first.paid else ~paid))


def failed(images: QuerySet[Image]) -> QuerySet[Image]:
    """Those of which a stage failed."""
    names = [stage.runs._meta.get_field("image").related_query_name() for stage in pipeline.STAGES]
    return images.filter(reduce(or_, (Q(**{f"{name}__status": RunStatus.FAILED}) for name in names)))


def put_off(images: QuerySet[Image]) -> QuerySet[Image]:
    """Those of which a stage was put off and not taken up yet."""
    runs = [stage.runs.objects.filter(load.PUT_OFF).values("image") for stage in pipeline.STAGES if not stage.due]
    return images.filter(reduce(or_, (Q(pk__in=rows) for rows in runs)))


def mark_name(*selection: object) -> str:
    """The name under which the progress of a selection of images is kept."""
    return f"reprocess-{sha256(repr(selection).encode()).hexdigest()[:12]}"


def stopped_at(name: str) -> datetime | None:
    """Up to when a selection was handed over before it was stopped, newest first; None where nothing is to go on."""
    at = read_mark(name)
    return at if at and at > pipeline.NEVER else None


def batches(
    images: QuerySet[Image], name: str, *, failed_only: bool = False, first: pipeline.Stage = pipeline.STAGES[0]
) -> Iterator[int]:
    """Hand over images, newest first, as fast as they are looked at behind what is live; yields each batch's size.

    Stopped anywhere, it goes on there when it is called again: how far it came is kept under that name.
    """
    rows = images.select_related("camera__node").order_by("-received_at", "-id")
    since = stopped_at(name)
    left = rows.filter(received_at__lte=since) if since else rows
    while batch := list(left[:BATCH]):
        wait_for_room()
        retry_failed(batch, later=True) if failed_only else reprocess(batch, first, later=True)
        last = batch[-1]
        write_mark(name, last.received_at)
        left = rows.filter(Q(received_at__lt=last.received_at) | Q(pk__lt=last.pk), received_at__lte=last.received_at)
        yield len(batch)
    write_mark(name, pipeline.NEVER)


def wait_for_room() -> None:
    """Wait while as many images wait as may. Raises `redis.RedisError` without the broker."""
    while waiting() >= ROOM:
        time.sleep(PAUSE_SECONDS)


def waiting() -> int:
    """How many images wait to be looked at anew in bulk. Raises `redis.RedisError`."""
    depths = queues.depths()
    return sum(depths[stage.later] for stage in pipeline.STAGES)
