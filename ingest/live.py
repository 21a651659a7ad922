"""Pictures that a receiver shows just now, out of the broker."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ingest import queues
from ingest.receiver_state import receiver_states
from receiver.live_keys import WATCHED, list_key, picture_key

TIMEOUT_SECONDS = 0.5
WATCHED_SECONDS = 15
TUNING, CAMERA = "tuning", "camera"


@dataclass(frozen=True, slots=True)
class Shown:
    """The newest picture of one name. A tuning picture has a sender and a name, a camera's a node and a view."""

    receiver: str
    slot: str
    number: int
    """Of the picture; it changes with every new one."""
    at: datetime
    kind: str
    sender: str = ""
    """The node, as far as its connection told; else its address."""
    peer: str = ""
    name: str = ""
    node: str = ""
    view: str = ""
    problem: str = ""
    """Why there is no picture."""


def shown() -> list[Shown]:
    """What all receivers show, in the order of their names. Raises `redis.RedisError`."""
    ids = [state["id"] for state in receiver_states() if "id" in state]
    if not ids:
        return []
    lists = queues.client(TIMEOUT_SECONDS).mget([list_key(one) for one in ids])
    found = [_shown(one, facts) for one, text in zip(ids, lists, strict=True) for facts in json.loads(text or "[]")]
    return sorted(found, key=lambda one: (one.sender, one.node, one.view, one.name, one.slot))


def watch() -> None:
    """Have the receivers show for some seconds. Raises `redis.RedisError`."""
    queues.client(TIMEOUT_SECONDS).set(WATCHED, 1, ex=WATCHED_SECONDS)


def picture(one: Shown) -> bytes | None:
    """The JPEG; None where it has just gone. Raises `redis.RedisError`."""
    found = queues.client(TIMEOUT_SECONDS).get(picture_key(one.receiver, one.slot))
    return found if isinstance(found, bytes) else None


def _shown(receiver_id: str, facts: dict[str, Any]) -> Shown:
    return Shown(receiver=receiver_id, **facts | {"at": datetime.fromisoformat(facts["at"])})
