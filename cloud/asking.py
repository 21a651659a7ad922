"""One call: it is marked before it is made, so that what is killed in between is never sent without bound."""

from __future__ import annotations

import logging
from dataclasses import replace

from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction
from django.utils import timezone

import environment
import logs
from cameras import runs
from cameras.models import Image, RunStatus
from cloud import budget, client, pace, services, visits
from cloud.models import CloudCall, CloudRun, CloudState
from cloud.outcomes import ask_usage, settle, settle_without
from plates.regions import expected

log = logging.getLogger(__name__)


def run_cloud(image_id: int) -> CloudRun:
    """Have the service read the best waiting picture of an image's visit, where it has to, and return the image's run.

    The others wait for what comes of it. Raises `CloudRun.DoesNotExist` where the image is gone.
    """
    run = CloudRun.objects.select_related("image__camera", "image__visit").get(image_id=image_id)
    logs.bind(message=str(run.image.message_id), image=run.image_id)
    if run.ended or leave_out(run.image):
        return run
    if pace.state().asked_at is None:  # an account that nothing is known of yet: others may have used it
        ask_usage()
    waiting = visits.waiting_with(run.image)
    if waiting and not in_hand(waiting) and pace.take_turn():
        send(waiting[0])
        if not leave_out(run.image) and waiting[0].pk != run.pk:  # another had its turn
            CloudRun.objects.filter(pk=run.pk, status=RunStatus.QUEUED).update(queued_at=pace.NEVER)
    return run


def leave_out(image: Image) -> bool:
    """End the runs of what needs not be sent, of the image and of its visit; whether the image's was ended."""
    waiting = visits.waiting_with(image)
    left = [run for run in waiting if not services.skip_unwanted(run.image)]
    retried = any(run.attempts for run in left)  # counted as sent already
    reason = pace.standing_reason(pace.state()) or spent() or ("" if retried else visits.enough(image))
    if reason:
        visits.skip_all(left, reason)
    return bool(reason) or all(run.image_id != image.pk for run in left)


def spent() -> str:
    """Why the budget allows no further call; empty where it does."""
    month = budget.current()
    if month.left is None or month.left:
        return ""
    return f"the month's {month.limit:,} calls are spent until {month.ends_at:%Y-%m-%d} (PLATE_RECOGNIZER_BUDGET)"


def in_hand(waiting: list[CloudRun]) -> bool:
    """Whether another worker sends a picture of the visit at this moment."""
    since = timezone.now() - visits.IN_HAND
    return any(run.begun_at and run.begun_at > since for run in waiting)


def send(run: CloudRun) -> None:
    """Send one picture, and keep what comes of it."""
    image = run.image
    logs.bind(message=str(image.message_id), image=image.pk)
    try:
        picture = image.file.read_bytes()
    except FileNotFoundError as problem:
        runs.finish(run, RunStatus.FAILED, reason=f"the picture cannot be read: {problem.strerror}")
        return
    call = mark(run)
    if call is None:
        return
    env = environment.current()
    env = replace(env, plate_regions=expected(env))
    run.model = "platerecognizer"
    with runs.attempt(run):
        try:
            reply = client.read_plates(env, picture, image.pk, image.camera_id, image.received_at)
        except client.NoAnswer as problem:
            settle_without(run, call, str(problem), may_count=problem.may_count)
        except SoftTimeLimitExceeded:
            settle_without(run, call, "it kept the worker for too long", may_count=True)
        else:
            settle(run, call, reply)


def mark(run: CloudRun) -> CloudCall | None:
    """Count a call before it is made; None where another worker was faster or nothing is left to spend."""
    with transaction.atomic():
        CloudState.objects.select_for_update().get(pk=1)  # one at a time, so that a budget is never overdrawn
        due = CloudRun.objects.filter(pk=run.pk, status=RunStatus.QUEUED)
        if spent() or due.filter(begun_at__gt=timezone.now() - visits.IN_HAND).exists() or not runs.begin(run):
            return None
        budget.count(1)
        return CloudCall.objects.create(image=run.image, begun_at=timezone.now())
