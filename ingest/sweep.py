"""Bringing back what was lost on the way: rule three of the design.

Neither look is fooled by a long backlog: what is still waiting in a queue is left alone.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.utils import timezone

import environment
from cameras.models import Event, Image, RunStatus, Tombstone
from ingest import pipeline, queues
from ingest.marks import read_mark, write_mark
from receiver.outbox import Outbox, Record

log = logging.getLogger(__name__)

GRACE = timedelta(minutes=5)
"""Longer than a task and its redelivery take (60 s and 120 s)."""
MOST_AT_ONCE = 1000


def outbox_files() -> list[Path]:
    """The outbox of every receiver that ever wrote here."""
    return sorted(environment.current().outbox_dir.glob("*.sqlite3"))


@contextmanager
def opened(file: Path) -> Iterator[Outbox]:
    """A receiver's outbox, to look into and to mark records in."""
    with closing(Outbox(file, durable=False)) as outbox:
        yield outbox


def republish_lost() -> int:
    """Have records published again that were published and did not reach the index; how many.

    Each run looks at what was published since the last one; a republished record counts as new.
    """
    before = queues.arrived_before("ingest", timezone.now() - GRACE)
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
    missing: list[str] = []
    with opened(file) as outbox:
        for page in outbox.published(since, before):
            missing += unknown(page)
        if missing:
            log.warning("%d messages were published and never indexed: publishing them again", len(missing))
            outbox.republish(missing)
    return len(missing)


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
        before = queues.arrived_before(queue, timezone.now() - GRACE)
        due = list(stale(run_model, before))
        for image_id in due:
            pipeline.start(image_id)
        if due:
            log.warning("%d images were not looked at by %s: handed over again", len(due), run_model.__name__)
        total += len(due)
    return total + restart_unplanned()


def stale(run_model: pipeline.RunModel, before: datetime) -> Iterable[int]:
    """The images whose stage is due since before then and whose earlier stages have ended, newest first."""
    runs = run_model.objects.filter(status=RunStatus.QUEUED, queued_at__lt=before)
    for _, earlier, _ in pipeline.STAGES:
        if earlier is run_model:
            break
        waiting = earlier.objects.filter(status=RunStatus.QUEUED)
        runs = runs.exclude(image_id__in=waiting.values_list("image_id", flat=True))
    return runs.order_by("-queued_at").values_list("image_id", flat=True)[:MOST_AT_ONCE]


def restart_unplanned() -> int:
    """Plan and start recent images that have no run rows, as after rows were removed by hand; how many."""
    recent = Image.objects.filter(registered_at__gte=timezone.now() - timedelta(days=2))
    total = 0
    for _, run_model, _ in pipeline.STAGES:
        planned = run_model.objects.values_list("image_id", flat=True)
        missing = recent.exclude(pk__in=planned).values_list("pk", flat=True)[:MOST_AT_ONCE]
        for image_id in list(missing):
            run_model.objects.get_or_create(image_id=image_id, defaults={"queued_at": timezone.now()})
            pipeline.start(image_id)
            total += 1
    return total
