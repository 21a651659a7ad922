"""How the receivers are doing, for staff: out of the files that they write."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from ingest.liveness import in_words
from ingest.receiver_state import receiver_states
from web.site_time import by_site_clock


@dataclass(frozen=True, slots=True)
class ReceiverToday:
    """One receiver; counts are those of today."""

    id: str
    alive: bool
    updated_at: datetime
    received: int
    stored: int
    events: int
    refused: list[tuple[str, int]]
    """Reasons, the most frequent first."""
    waiting: int
    """Messages that the broker does not have yet."""
    oldest: str
    """How long the first of them has waited."""
    broker: bool
    senders: int
    disk_free: int
    """Bytes."""


def receivers() -> list[ReceiverToday]:
    """Every receiver of this data folder."""
    return [receiver_today(state) for state in receiver_states()]


@by_site_clock
def receiver_today(state: dict[str, Any]) -> ReceiverToday:
    """A receiver's state as the page shows it; what it counted on another day is none of today's."""
    today = state.get("today", {})
    if today.get("date") != timezone.localdate().isoformat():
        today = {}
    outbox = state.get("outbox", {})
    age = outbox.get("oldest_age_seconds")
    return ReceiverToday(
        id=state.get("id", ""),
        alive=state["alive"],
        updated_at=datetime.fromisoformat(state["updated_at"]),
        received=today.get("received", 0),
        stored=today.get("stored", 0),
        events=today.get("events", 0),
        refused=sorted(today.get("refused", {}).items(), key=lambda one: -one[1]),
        waiting=outbox.get("unpublished", 0),
        oldest=in_words(timedelta(seconds=age)) if age is not None else "",
        broker=bool(state.get("broker", {}).get("connected")),
        senders=state.get("senders", 0),
        disk_free=state.get("disk_free_bytes", 0),
    )
