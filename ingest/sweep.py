"""Bringing back what was lost on the way: rule three of the design.

Neither look is fooled by a long backlog: what is still waiting in a queue is left alone.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from django.utils import timezone

from cameras.models import Event, Image, RunStatus, Tombstone
from ingest import pipeline, queues
from ingest.marks import read_mark, write_mark
from ingest.outboxes import opened, outbox_files
from receiver.outbox import Record

log = logging.getLogger(__name__)

MOST_AT_ONCE = 1000


def republish_lost() -> int:
    """Have records published again that were published and did not reach the index; how many.

    Each run looks at what was published since the last one; a republished record counts as new.
    """
    before = queues.arrived_before("ingest", timezone.now() - pipeline.GRACE)
    total = 0
    for file in outbox_files():
        mark = f"outbox-{file.stem}"
        since = read_mark(mark) or datetime.fromtimestamp(0, UTC)
        if since < before:
            total += republish_missing(file, since, before)
            write_mark(mark, before)
    return total


def republish_missing(file: Path, since: datetime, before: datetime) -> int:
    """Compare one outbox's records published in [since, before) with the index; how many had to go again."""
    total = 0
    with opened(file) as outbox:
        for page in outbox.published(since, before):
            missing = unknown(page)
            if missing:  # page by page, so that the receiver never waits long for its outbox
                total += outbox.republish(missing)
    if total:
        log.warning("%d messages were published and never indexed: they are published again", total)
    return total


def unknown(records: list[Record]) -> list[str]:
    """The ids of those that are neither indexed nor purged."""
    ids = [record.id for record in records]
    known: set[str] = set()
    for model in (Image, Event, Tombstone):
        found: Iterable[uuid.UUID] = model._default_manager.filter(message_id__in=ids).values_list(
            "message_id", flat=True
        )
        known |= {str(one) for one in found}
    return [one for one in ids if one not in known]


def restart_stale() -> int:
    """Hand images again to stages that should long have looked at them; how many."""
    total = 0
    for _, run_model, queue in pipeline.STAGES:
        before = queues.arrived_before(queue, timezone.now() - pipeline.GRACE)
        due = list(stale(run_model, before))
        for image_id in due:
            pipeline.start(image_id)
        if due:
            log.warning("%d images were not looked at by %s: handed over again", len(due), run_model.__name__)
        total += len(due)
    return total


def stale(run_model: pipeline.RunModel, before: datetime) -> Iterable[int]:
    """The images whose stage is due since before then and whose earlier stages have ended, newest first."""
    runs = run_model.objects.filter(status=RunStatus.QUEUED, queued_at__lt=before)
    for _, earlier, _ in pipeline.STAGES:
        if earlier is run_model:
            break
        waiting = earlier.objects.filter(status=RunStatus.QUEUED)
        runs = runs.exclude(image_id__in=waiting.values_list("image_id", flat=True))
    return runs.order_by("-queued_at").values_list("image_id", flat=True)[:MOST_AT_ONCE]


def plan_unplanned() -> int:
    """Plan images that lack run rows, as after rows were removed by hand; how many. Walks the whole index."""
    total = 0
    for _, run_model, _ in pipeline.STAGES:
        planned = run_model.objects.values_list("image_id", flat=True)
        missing = Image.objects.exclude(pk__in=planned).values_list("pk", flat=True)[:MOST_AT_ONCE]
        for image_id in list(missing):
            run_model.objects.get_or_create(image_id=image_id, defaults={"queued_at": pipeline.NEVER})
            total += 1
    return total
