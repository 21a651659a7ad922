"""Whether pictures are looked at as fast as they come."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from itertools import pairwise

import redis
from django.db.models import Q
from django.utils import timezone

import environment
from cameras.models import RunStatus
from detections.models import DetectionRun
from ingest import queues
from ingest.liveness import in_words
from ingest.samples import Sample, Verdict, add
from plates.models import RecognitionRun

MINUTE = 60.0
GROWING = 30 * MINUTE
"""A queue that has grown for so long, and by so much, is a pipeline that does not keep up."""
LEAST_GROWTH = 500
LIVE = Q(status=RunStatus.QUEUED) & (Q(later=False) | Q(put_off_at__isnull=False))
"""What cameras sent and nobody looked at yet; not what people have looked at anew."""
OVER = 0.25
"""It has caught up once nothing has waited for longer than this share of the limit."""
STAGES = (DetectionRun, RecognitionRun)


def judge(samples: list[Sample], on: bool, now: float) -> Verdict:
    """Whether pictures wait for too long; the samples are how many waited each minute, and are added to."""
    limit = environment.current().behind_minutes * MINUTE
    oldest, number = oldest_seconds(), sum(runs.objects.filter(LIVE).count() for runs in STAGES)
    add(samples, now, number, every=MINUTE, keep=GROWING + MINUTE)
    text = f"the oldest picture has waited for {in_words(timedelta(seconds=oldest))}, {number:,} looks are due"
    return Verdict(bool(limit) and lasts(samples, on, oldest, limit), text)


def lasts(samples: Sequence[Sample], on: bool, oldest: float, limit: float) -> bool:
    """Whether it begins, or goes on: the two have different limits, so that it does not come and go."""
    if on:
        return oldest > OVER * limit or grows(samples)
    return oldest > limit or grows(samples)


def grows(samples: Sequence[Sample]) -> bool:
    """Whether the queue has grown all the time: each third of it was fuller than the one before."""
    if not samples or samples[-1][0] - samples[0][0] < GROWING - MINUTE:
        return False
    numbers, third = [number for _, number in samples], len(samples) // 3
    parts = numbers[:third], numbers[third:-third], numbers[-third:]
    if not all(parts):
        return False
    rising = all(max(before) < min(after) for before, after in pairwise(parts))
    return rising and numbers[-1] - numbers[0] >= LEAST_GROWTH


def oldest_seconds() -> float:
    """For how long the picture has waited that has waited longest, indexed or not."""
    waited = [0.0]
    for runs in STAGES:
        # By number: an index has them in this order, and numbers are given out as pictures come.
        first = runs.objects.filter(LIVE).order_by("image_id").values_list("image__registered_at", flat=True).first()
        waited += [(timezone.now() - first).total_seconds()] if first else []
    with suppress(redis.RedisError):  # then nothing is looked at, and what waits grows older
        waited.append(queues.snapshot().ages()["ingest"])
    return max(waited)
