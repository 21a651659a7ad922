"""Whether the disk fills faster than retention frees it."""

from __future__ import annotations

import shutil
from collections.abc import Sequence

from django.template.defaultfilters import filesizeformat

import environment
from ingest.samples import Sample, Verdict, add

HOUR = 3600.0
EVERY, KEEP = 600.0, 6 * HOUR
LEAST_SPAN = 900.0
SURE_SPAN = 3 * HOUR
"""Retention works each hour: what is seen over several of its turns is what comes and goes together."""
FAST = 3.0
"""Over a shorter time only a disk counts that would be full in so many times that time."""
FEW, ENOUGH = 1 * 2**30, 2 * 2**30
"""Bytes: below the first pictures are about to be refused, however slowly; above the second that is over."""
OVER = 1.5
"""It is over once the disk lasts so many times longer than the limit."""


def judge(samples: list[Sample], on: bool, now: float) -> Verdict:
    """Whether the disk of pictures is about to be full; the samples are its free bytes, and are added to."""
    env = environment.current()
    if not env.images_dir.is_dir():
        return Verdict(on, "the folder of images is not there")
    free = shutil.disk_usage(env.images_dir).free
    add(samples, now, free, every=EVERY, keep=KEEP)
    seen = [*samples, (now, float(free))]
    left = seconds_left(seen)
    text = f"{filesizeformat(free)} free"
    if left is not None:
        text += f", full in about {left / HOUR:,.1f} h as it goes"
    return Verdict(bool(env.disk_hours) and lasts(seen, on, left, env.disk_hours * HOUR), text)


def seconds_left(samples: Sequence[Sample]) -> float | None:
    """When the disk is full, by what its free bytes fell from the first sample to the last; None where they did not.

    Over several turns of retention the lowest of the first hour and of the last are compared, not the highest with the
    lowest.
    """
    (begun, before), (ended, free) = samples[0], samples[-1]
    if ended - begun >= SURE_SPAN:
        begun, before = lowest([one for one in samples if one[0] <= begun + HOUR])
        ended, free = lowest([one for one in samples if one[0] >= ended - HOUR])
    if ended - begun < LEAST_SPAN or free >= before:
        return None
    return samples[-1][1] / ((before - free) / (ended - begun))


def lowest(samples: Sequence[Sample]) -> Sample:
    """The sample of the fewest bytes, the first of several."""
    return min(samples, key=lambda one: one[1])


def lasts(samples: Sequence[Sample], on: bool, left: float | None, limit: float) -> bool:
    """Whether it begins, or goes on: the two have different limits, so that it does not come and go."""
    free, span = samples[-1][1], samples[-1][0] - samples[0][0]
    if free < (ENOUGH if on else FEW):
        return True
    if left is None:
        return False
    if on:
        return left < OVER * limit
    return left < limit and (span >= SURE_SPAN or left < FAST * span)
