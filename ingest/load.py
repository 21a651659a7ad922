"""Pictures put off while too much waits: kept and indexed like all others, and looked at once there is room.

The broker holds its messages in memory, and what is newest is what people wait for. So above PUT_OFF_ABOVE messages a
stage's run of a new picture is only marked as put off; the sweep hands such runs over, newest first and behind all that
is live, once less than half of that waits.
"""

from __future__ import annotations

import logging
from typing import Any

import redis
from django.db.models import F, Q
from django.utils import timezone

import environment
from cameras.models import Image, RunStatus, StageRun
from ingest import queues

log = logging.getLogger(__name__)

PUT_OFF = Q(status=RunStatus.QUEUED, put_off_at__gte=F("queued_at"))
"""Runs that were put off and that the broker does not know of; as `StageRun.put_off`."""
ROOM_BELOW = 0.5
"""What was put off is taken up below this share of PUT_OFF_ABOVE."""
MOST_TAKEN = 2000
"""So many messages of what was put off may be with the broker."""


def put_off(runs: type[StageRun], queue: str, image: Image) -> bool:
    """Mark a new image's run as put off where too much waits in a queue; whether it is put off."""
    if not is_crowded(queue):
        return False
    rows: Any = runs._default_manager.filter(status=RunStatus.QUEUED, **{"image": image})
    now = timezone.now()
    fresh = rows.filter(later=False, attempts=0, put_off_at=None, queued_at__lt=image.registered_at)
    if fresh.update(put_off_at=now, later=True):
        log.info("too much waits in %s: put off until there is room", queue)
        return True
    return bool(rows.filter(PUT_OFF).exists())


def is_crowded(queue: str) -> bool:
    """Whether as much waits in a queue as may; not where the broker cannot tell, since it then takes nothing either."""
    limit = environment.current().put_off_above
    return bool(limit) and (waiting(queue) or 0) >= limit


def waiting(queue: str) -> int | None:
    """Messages in a queue; None, logged, where the broker does not answer."""
    try:
        found: Any = queues.client().llen(queue)
    except redis.RedisError as problem:
        log.warning("how much waits in %s cannot be told: %s", queue, problem)
        return None
    return int(found)


def to_take_up(runs: type[StageRun], queue: str, later: str) -> list[Image]:
    """The newest images that were put off and for which there is room now. Raises `redis.RedisError`."""
    depths, limit = queues.depths(), environment.current().put_off_above
    room = MOST_TAKEN - depths[later]
    if room <= 0 or (limit and depths[queue] >= ROOM_BELOW * limit):
        return []
    rows: Any = runs._default_manager.filter(PUT_OFF).order_by("-image_id")
    return [run.image for run in rows.select_related("image__camera")[:room]]
