"""What waits in the broker, and what workers have in hand."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

import redis
from celery.signals import before_task_publish
from django.utils import timezone

import environment

NAMES = ("ingest", "detect", "plates", "alerts", "sending", "maintenance", "detect_later", "plates_later", "cloud")
"""Queues whose names end with `_later` hold what is looked at anew in bulk; nobody takes from them while live messages
wait (`librarian_project.queue_order`). `cloud` has a worker only where Plate Recognizer is set up; elsewhere nothing
comes into it."""
ENQUEUED_AT = "enqueued_at"
"""The header of every task message that tells when it, or the chain it belongs to, was started: ISO 8601 in UTC."""


@before_task_publish.connect(dispatch_uid="enqueued_at")
def stamp(headers: dict[str, Any] | None = None, **_: object) -> None:
    """Note in every message when it was published, unless its sender has."""
    if headers is not None:
        headers.setdefault(ENQUEUED_AT, timezone.now().isoformat())


def client(timeout: float = 2.0) -> redis.Redis:
    """The broker at REDIS_URL, with a timeout in seconds; it connects on first use, and again after an error."""
    return _client(environment.current().redis_url, timeout)


@lru_cache(maxsize=4)
def _client(url: str, timeout: float) -> redis.Redis:
    return redis.Redis.from_url(url, socket_timeout=timeout, socket_connect_timeout=timeout)


def depths() -> dict[str, int]:
    """Messages waiting in each queue, and those that a worker took and has not finished. Raises `redis.RedisError`."""
    pipe = client().pipeline(transaction=False)
    for name in NAMES:
        pipe.llen(name)
    pipe.hlen("unacked")
    *waiting, unacked = pipe.execute()
    return dict(zip(NAMES, waiting, strict=True)) | {"unacked": unacked}


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The broker at one moment."""

    heads: dict[str, datetime]
    """When the message that is next in a queue was started; empty queues are left out."""
    messages_in_hand: frozenset[str]
    """The task ids of what workers have taken and not finished; for a stored message that is its message id."""
    images_in_hand: frozenset[int]
    """The images that workers have in hand, in whatever stage."""

    def left_before(self, queue: str, limit: datetime) -> datetime:
        """Whatever was started before the time returned does not wait in the queue any more; at most `limit`."""
        return min(limit, self.heads.get(queue, limit))

    def ages(self) -> dict[str, float]:
        """Seconds that the message which is next in each queue has waited, 0 for an empty one."""
        now = timezone.now()
        return {name: max(0.0, (now - self.heads.get(name, now)).total_seconds()) for name in NAMES}


def snapshot() -> Snapshot:
    """What waits and what is in hand, read at one moment. Raises `redis.RedisError`.

    Celery pushes at the left of a queue's list and takes from the right; what a worker takes is in the hash `unacked`.
    """
    pipe = client().pipeline(transaction=True)
    for name in NAMES:
        pipe.lindex(name, -1)
    pipe.hvals("unacked")
    *heads, taken = pipe.execute()
    in_hand = [json.loads(entry)[0] for entry in taken]
    return Snapshot(
        {name: started_at(json.loads(head)) for name, head in zip(NAMES, heads, strict=True) if head},
        frozenset(message["headers"]["id"] for message in in_hand),
        frozenset(number for number in map(image_of, in_hand) if number is not None),
    )


def started_at(message: dict[str, Any]) -> datetime:
    """When a message's task or chain was started; now, where its sender did not stamp it."""
    stamped = message["headers"].get(ENQUEUED_AT)
    return datetime.fromisoformat(stamped) if stamped else timezone.now()


def image_of(message: dict[str, Any]) -> int | None:
    """The image that the task of a message is about; None for tasks about other things."""
    args = json.loads(base64.b64decode(message["body"]))[0]
    return args[0] if args and isinstance(args[0], int) else None
