"""What the receiver counted since midnight."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

OF_TODAY = ("received", "stored", "events")


class Today:
    """The part of today (by the site's clock) of counters that only grow."""

    def __init__(self, zone: ZoneInfo, counts: Counter[str], refused: Counter[str], before: object) -> None:
        """`before` is the document of the last receiver, whose counts of the same day are carried on."""
        self._zone, self._counts, self._refused = zone, counts, refused
        self._begin(before)

    def document(self) -> dict[str, Any]:
        """The day, its counts, and what was refused on it by reason."""
        if self._now() != self._day:
            self._begin(None)
        counts = {name: self._counts[name] - began for name, began in self._began.items()}
        return {"date": self._day, **counts, "refused": dict(self._refused - self._refused_before)}

    def _begin(self, before: object) -> None:
        self._day = self._now()
        today = before if isinstance(before, dict) and before.get("date") == self._day else {}
        known = counter(today)
        self._began = {name: self._counts[name] - known[name] for name in OF_TODAY}
        self._refused_before = self._refused - counter(today.get("refused"))

    def _now(self) -> str:
        return datetime.now(self._zone).date().isoformat()


def counter(value: object) -> Counter[str]:
    """Counts as a file has them; what is none counts as 0."""
    return Counter({str(key): _whole(count) for key, count in value.items()} if isinstance(value, dict) else {})


def _whole(value: object) -> int:
    return value if type(value) is int and value >= 0 else 0
