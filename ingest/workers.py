"""How each worker is, kept in the broker, so that workers of other machines are seen too."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import environment
from ingest import queues

PREFIX = "librarian:worker:"
FRESH = timedelta(seconds=20)
WORD_SECONDS = 6.0
"""How often a worker that does nothing tells that it lives; each word is a write to the broker's log on disk."""
KEEP_SECONDS = 30 * 24 * 3600


class Report:
    """What one worker tells of itself. Methods raise `redis.RedisError`."""

    def __init__(self, name: str, names: Sequence[str]) -> None:
        self._key = PREFIX + name
        self._facts = {"queues": ",".join(names)}
        self._begun = False
        self._completed = 0
        self._next = 0.0

    def alive(self, completed: int) -> None:
        """The worker lives and has completed so many tasks since its start.

        A start that follows no regular end counts as a restart.
        """
        if self._begun and completed == self._completed and time.monotonic() < self._next:
            return
        self._next = time.monotonic() + WORD_SECONDS
        now = datetime.now(UTC).isoformat()
        facts: dict[Any, Any] = self._facts | {"alive_at": now, "completed": str(completed), "running": "1"}
        if completed > self._completed:
            facts["last_completed_at"] = now
        broker = queues.client()
        pipe = broker.pipeline(transaction=True)
        if not self._begun:
            facts["started_at"] = now
            if broker.hget(self._key, "running"):
                pipe.hincrby(self._key, "restarts", 1)
                facts["last_restart_at"] = now
        pipe.hset(self._key, mapping=facts)
        pipe.expire(self._key, KEEP_SECONDS)
        pipe.execute()
        self._begun, self._completed = True, completed

    def stalled(self, reason: str) -> None:
        """The worker ends itself."""
        queues.client().hset(self._key, mapping={"last_stall": reason, "last_stall_at": datetime.now(UTC).isoformat()})

    def ended(self) -> None:
        """The worker ends as it was asked to."""
        queues.client().hdel(self._key, "running")


def worker_states() -> dict[str, dict[str, Any]]:
    """What every worker told, by its name, with `alive`. Raises `redis.RedisError`."""
    broker = queues.client()
    keys = sorted(broker.scan_iter(PREFIX + "*", count=1000))
    return {_text(key).removeprefix(PREFIX): _state(broker.hgetall(key)) for key in keys}


def unserved() -> list[str]:
    """The queues that no living worker takes from. Raises `redis.RedisError`."""
    served = {name for worker in worker_states().values() if worker["alive"] for name in worker["queues"]}
    idle = set() if environment.current().cloud_reading else {"cloud"}
    return [name for name in queues.NAMES if name not in served | idle]


def _state(stored: Any) -> dict[str, Any]:
    facts = {_text(name): _text(value) for name, value in stored.items()}
    at = datetime.fromisoformat(facts["alive_at"]) if "alive_at" in facts else None
    return {
        "alive": bool(at and facts.get("running") and datetime.now(UTC) - at < FRESH),
        "queues": [name for name in facts.get("queues", "").split(",") if name],
        "started_at": facts.get("started_at"),
        "completed": int(facts.get("completed", 0)),
        "last_completed_at": facts.get("last_completed_at"),
        "restarts": int(facts.get("restarts", 0)),
        "last_restart_at": facts.get("last_restart_at"),
        "last_stall": facts.get("last_stall"),
        "last_stall_at": facts.get("last_stall_at"),
    }


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)
