"""Bringing back what was lost on the way: rule three of the design.

Neither look is fooled by a long backlog: what is still waiting in a queue is left alone.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from datetime import UTC, datetime
from pathlib import Path

from django.utils import timezone

from cameras.models import DeadLetter, Event, Image, RunStatus, Tombstone
from ingest import load, pipeline, queues
from ingest.marks import read_mark, write_mark
from ingest.outboxes import opened, outbox_files
from receiver.outbox import Record

log = logging.getLogger(__name__)

MOST_AT_ONCE = 1000
MOST_WAITING = 20
"""Messages in the queue of a stage that is handed what is due: the rest waits where the newest comes first."""


def republish_lost() -> int:
    """Have records published again that were published and did not reach the index; how many.

    Each run looks at what was published since the last one; a republished record counts as new.
    """
    broker = queues.snapshot()
    before = broker.left_before("ingest", timezone.now() - pipeline.SETTLED)
    total = 0
    for file in outbox_files():
        mark = f"outbox-{file.stem}"
        since = _looked_at(mark)
        if since < before:
            lost, looked_at = republish_missing(file, since, before, broker.messages_in_hand)
            write_mark(mark, looked_at)
            total += lost
    return total


def _looked_at(mark: str) -> datetime:
    """Up to when an outbox was compared; from the beginning where that is unknown, or not over because of the clock."""
    at = read_mark(mark)
    if at and at > timezone.now():
        log.warning("the clock was set back from %s: looking at all that was published", at)
        at = None
    return at or datetime.fromtimestamp(0, UTC)


def republish_missing(file: Path, since: datetime, before: datetime, in_hand: AbstractSet[str]) -> tuple[int, datetime]:
    """Compare one outbox's records published in [since, before) with the index.

    Returns how many had to go again, and up to when everything is settled: not what a worker has in hand.
    """
    total = 0
    with opened(file) as outbox:
        for page in outbox.published(since, before):
            missing = unknown(page)
            before = min([before, *(record.published_at or before for record in missing if record.id in in_hand)])
            lost = [record.id for record in missing if record.id not in in_hand]
            if lost:  # page by page, so that the receiver never waits long for its outbox
                total += outbox.republish(lost)
    if total:
        log.warning("%d messages were published and never indexed: they are published again", total)
    return total, before


def unknown(records: list[Record]) -> list[Record]:
    """Those that are neither indexed nor purged nor set aside."""
    ids = [record.id for record in records]
    known = set(DeadLetter.objects.filter(subject__in=ids).values_list("subject", flat=True))
    for model in (Image, Event, Tombstone):
        found: Iterable[uuid.UUID] = model._default_manager.filter(message_id__in=ids).values_list(
            "message_id", flat=True
        )
        known |= {str(one) for one in found}
    return [record for record in records if record.id not in known]


def restart_stale() -> int:
    """Hand images again to stages that should long have looked at them; how many."""
    total = 0
    broker = queues.snapshot()
    lines = [(stage, later) for stage in pipeline.STAGES if not stage.due for later in (False, True)]
    for stage, later in lines:
        queue = stage.later if later else stage.queue
        before = broker.left_before(queue, timezone.now() - pipeline.SETTLED)
        due = [image for image in stale(stage.runs, before, later=later) if image.pk not in broker.images_in_hand]
        for image in due:
            pipeline.start(image)
        if due:
            log.warning("%d images still wait for %s: handed over again", len(due), stage.runs.stage)
        total += len(due)
    return total + hand_over_due() + take_up()


def take_up() -> int:
    """Hand over what was put off, newest first, where there is room for it again; how many."""
    total = 0
    for stage in pipeline.STAGES:
        if not stage.due:
            for image in load.to_take_up(stage.runs, stage.queue, stage.later):
                total += pipeline.hand_over(stage, image)
    if total:
        log.info("%d images that were put off are handed over", total)
    return total


def hand_over_due() -> int:
    """Hand over what waited for something else than its turn, and waits no more; how many."""
    total = 0
    broker = queues.snapshot()
    depths = queues.depths()
    for stage in pipeline.STAGES:
        room = MOST_WAITING - depths[stage.queue]
        if stage.due and room > 0:
            before = broker.left_before(stage.queue, timezone.now() - pipeline.SETTLED)
            due = [image for image in stage.due(before, room) if image.pk not in broker.images_in_hand]
            total += sum(pipeline.hand_over(stage, image) for image in due)
    return total


def stale(run_model: pipeline.RunModel, before: datetime, *, later: bool = False) -> Iterable[Image]:
    """The images whose stage is due since before then and whose earlier stages have ended, newest first.

    `later`: those that are looked at anew in bulk, else the others.
    """
    runs = run_model.objects.filter(status=RunStatus.QUEUED, queued_at__lt=before, later=later)
    runs = runs.exclude(load.PUT_OFF)
    for earlier in pipeline.STAGES:
        if earlier.runs is run_model:
            break
        waiting = earlier.runs.objects.filter(status=RunStatus.QUEUED)
        runs = runs.exclude(image_id__in=waiting.values_list("image_id", flat=True))
    newest = runs.order_by("-queued_at").select_related("image__camera")[:MOST_AT_ONCE]
    return [run.image for run in newest]


def plan_unplanned() -> int:
    """Plan images that lack run rows, as after rows were removed by hand; how many. Walks the whole index."""
    total = 0
    for stage in pipeline.STAGES:
        planned = stage.runs.objects.values_list("image_id", flat=True)
        missing = Image.objects.exclude(pk__in=planned).values_list("pk", flat=True)[:MOST_AT_ONCE]
        for image_id in list(missing):
            image = Image.objects.select_related("camera").get(pk=image_id)
            facts = {"queued_at": pipeline.NEVER} | pipeline.planned(stage, image)
            stage.runs.objects.get_or_create(image=image, defaults=facts)
            total += 1
    return total
