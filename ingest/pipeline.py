"""The one place that states the order of the stages.

When a stage's task has ended, it hands its image to the next stage that wants to look at it. No message is spent on a
stage that has nothing to do with an image.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple, TypeAlias

from celery import signature
from django.utils import timezone

import cloud.services
import cloud.visits
import detections.services
import plates.services
from cameras.models import Image, RunStatus
from cameras.runs import reset
from cloud.models import CloudRun
from detections.models import DetectionRun
from ingest import load, telling
from ingest.queues import ENQUEUED_AT
from plates.models import RecognitionRun

RunModel: TypeAlias = type[DetectionRun] | type[RecognitionRun] | type[CloudRun]


class Stage(NamedTuple):
    """One look at every image."""

    task: str
    runs: RunModel
    """The model of its run rows."""
    queue: str
    later: str
    """The queue of what is looked at anew in bulk."""
    leave_out: Callable[[Image], bool]
    """Whether the stage has nothing to do with an image; the reason is then in the image's run row."""
    never: Callable[[Image], str] = lambda _: ""
    """Why the stage has nothing to do with a new image, where its camera alone tells."""
    due: Callable[[datetime, int], list[Image]] | None = None
    """For a stage whose images wait for something else than their turn: those that wait no more, handed over before a
    time, and at most so many. The schedule hands them over."""
    paid: bool = False
    """Whether each look costs money: what it found stays when earlier stages look anew."""


STAGES = (
    Stage("detections.detect_objects", DetectionRun, "detect", "detect_later", detections.services.leave_out),
    Stage("plates.read_plates", RecognitionRun, "plates", "plates_later", plates.services.leave_out),
    Stage(
        "cloud.ask_service",
        CloudRun,
        "cloud",
        "cloud",
        cloud.services.leave_out,
        never=cloud.services.never,
        due=cloud.visits.due_images,
        paid=True,
    ),
)
"""In the order in which every image passes them."""
NEVER = datetime.fromtimestamp(0, UTC)
"""When an image was last handed to a stage that it was never handed to."""
SETTLED = timedelta(seconds=30)
"""What was handed over so long ago waits in a queue or is in a worker's hands, as far as the broker knows; else it is
lost. Only a worker that was stopped at the very moment of taking it may have it all the same, and no harm is done."""


def plan(image: Image) -> None:
    """Make the run row of every stage of a new image, not looked at yet. Call it in the image's own transaction."""
    for stage in STAGES:
        stage.runs.objects.create(image=image, queued_at=NEVER, **planned(stage, image))


def planned(stage: Stage, image: Image) -> dict[str, object]:
    """How a stage's run row of a new image begins, besides its time."""
    reason = stage.never(image)
    return {"status": RunStatus.SKIPPED, "reason": reason, "finished_at": timezone.now()} if reason else {}


def start(image: Image, after: str = "", unless_since: datetime | None = None) -> None:
    """Hand an image to the first stage, of those after the task of that name, that has still to look at it.

    Not if that stage was handed it since a time. The message carries the time that the run row gets, so that the sweep
    can compare the two. What cameras send now, not what people ask for, may be put off.
    """
    live = bool(after) or unless_since is not None
    names = [stage.task for stage in STAGES]
    tell(image, after)
    for stage in STAGES[names.index(after) + 1 if after else 0 :]:
        if stage.leave_out(image):
            continue
        if (
            stage.due
            or (live and load.put_off(stage.runs, stage.queue, image))
            or hand_over(stage, image, unless_since)
        ):
            return


def tell(image: Image, after: str) -> None:
    """Tell who listens what a stage, or the lack of one that looks for objects, has made of an image."""
    detection, recognition = STAGES[:2]
    if after == recognition.task:
        telling.looked_at(image, read=True)
    elif after == detection.task or (not after and detection.leave_out(image)):
        telling.looked_at(image, read=False)


def hand_over(stage: Stage, image: Image, unless_since: datetime | None = None) -> bool:
    """Hand an image to a stage that has still to look at it, not if it was since a time; whether it has still to."""
    now = timezone.now()
    due = stage.runs.objects.filter(image=image, status=RunStatus.QUEUED)
    for later, queue in ((False, stage.queue), (True, stage.later)):
        if due.filter(later=later, queued_at__lte=unless_since or now).update(queued_at=now):
            headers = {ENQUEUED_AT: now.isoformat()}
            signature(stage.task, args=(image.pk,), headers=headers).apply_async(queue=queue)
            return True
    return due.exists()


def start_new(image: Image) -> None:
    """Hand an image to the stages, unless that was done before."""
    start(image, unless_since=NEVER)


def restart_failed(image: Image, *, later: bool = False) -> None:
    """Have the stages that failed look at an image anew, and those that were left out because of them.

    `later`: behind everything that is live.
    """
    failed = False
    for stage in STAGES:
        run = stage.runs.objects.get(image=image)
        failed = failed or run.status == RunStatus.FAILED
        if failed and not (stage.paid and run.status in (RunStatus.DONE, RunStatus.EMPTY)):
            reset(run, later=later)
    start(image)
