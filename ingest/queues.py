"""What waits in the broker."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import redis
from celery.signals import before_task_publish
from django.utils import timezone

import environment

NAMES = ("ingest", "detect", "plates", "alerts", "maintenance")
ENQUEUED_AT = "enqueued_at"
"""The header of every task message that tells when it, or the chain it belongs to, was started: ISO 8601 in UTC."""


@before_task_publish.connect(dispatch_uid="enqueued_at")
def stamp(headers: dict[str, Any] | None = None, **_: object) -> None:
    """Note in every message when it was published, unless its sender has."""
    if headers is not None:
        headers.setdefault(ENQUEUED_AT, timezone.now().isoformat())


def client(timeout: float = 2.0) -> redis.Redis:
    """A connection to the broker, with a timeout in seconds."""
    url = environment.current().redis_url
    return redis.Redis.from_url(url, socket_timeout=timeout, socket_connect_timeout=timeout)


def depths() -> dict[str, int]:
    """Messages waiting in each queue, and those that a worker took and has not finished. Raises `redis.RedisError`."""
    pipe = client().pipeline(transaction=False)
    for name in NAMES:
        pipe.llen(name)
    pipe.hlen("unacked")
    *waiting, unacked = pipe.execute()
    return dict(zip(NAMES, waiting, strict=True)) | {"unacked": unacked}


def oldest(queue: str) -> datetime | None:
    """When the message that is next in a queue was started; None when it is empty. Raises `redis.RedisError`.

    Celery pushes at the left of the list and takes from the right.
    """
    message = client().lindex(queue, -1)
    if message is None:
        return None
    stamped = json.loads(message)["headers"].get(ENQUEUED_AT)
    return datetime.fromisoformat(stamped) if stamped else timezone.now()


def arrived_before(queue: str, limit: datetime) -> datetime:
    """Whatever was started before the time returned is not waiting in the queue any more; at most `limit`."""
    first = oldest(queue)
    return min(limit, first) if first else limit
