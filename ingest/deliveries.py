"""How often a message from a camera was tried, counted in the broker.

The stages count attempts in their run rows. What has no row yet is counted here, before anything is done with it: a
message whose task hangs or ends its worker leaves no other trace.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import redis

from ingest import queues

log = logging.getLogger(__name__)

KEEP_SECONDS = 24 * 3600


def count(task_id: str | None, args: Any) -> int:
    """Count one more try of a task, and return how many that makes; 0 for tasks that are not counted."""

    def more() -> int:
        pipe = queues.client().pipeline(transaction=False)
        pipe.incr(_key(task_id))
        pipe.expire(_key(task_id), KEEP_SECONDS)
        return int(pipe.execute()[0])

    return _or_zero(more) if _is_counted(args) else 0


def counted(task_id: str | None, args: Any) -> int:
    """How often a task was tried."""
    return _or_zero(lambda: int(queues.client().get(_key(task_id)) or 0)) if _is_counted(args) else 0


def forget(task_id: str | None, args: Any) -> None:
    """Start counting anew."""
    if _is_counted(args):
        _or_zero(lambda: int(queues.client().delete(_key(task_id))))


def _is_counted(args: Any) -> bool:
    return bool(args) and isinstance(args[0], dict)


def _key(task_id: str | None) -> str:
    return f"librarian:tries:{task_id}"


def _or_zero(ask: Callable[[], int]) -> int:
    try:
        return ask()
    except redis.RedisError as problem:  # without the broker there are no repeated deliveries either
        log.warning("tries are not counted: %s", problem)
        return 0
