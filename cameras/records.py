"""What the receiver's outbox tells of a stored message: the arguments of the first tasks."""

from __future__ import annotations

from typing import TypedDict


class ImageRecord(TypedDict):
    """A stored picture; `path` is relative to DATA_DIR, `received_at` ISO 8601 in UTC."""

    id: str
    node: str
    view: str
    path: str
    bytes: int
    received_at: str


class EventRecord(TypedDict):
    """An event; `event` is the message's second field, `fields` those after it."""

    id: str
    node: str
    view: str
    event: str
    fields: list[str]
    text: str
    received_at: str
