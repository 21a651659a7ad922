"""What the service says of the account, and of what went wrong."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime

from cloud.values import Malformed, clean, is_count, loaded


@dataclass(frozen=True, slots=True)
class Usage:
    """What an account has used of what it may, and when that begins anew."""

    calls: int
    limit: int | None
    resets_at: datetime | None

    @property
    def spent(self) -> bool:
        """Whether nothing is left."""
        return self.limit is not None and self.calls >= self.limit


def parse_usage(text: str) -> Usage:
    """The answer about the account; raises `Malformed`."""
    told = loaded(text)
    usage = told.get("usage")
    calls = usage.get("calls") if isinstance(usage, dict) else None
    if not isinstance(usage, dict) or not is_count(calls):
        raise Malformed("its statistics do not tell the number of calls")
    limit = told.get("total_calls")
    return Usage(int(calls), int(limit) if is_count(limit) else None, _time(usage.get("resets_on")))


def sdk_usage(text: str) -> Usage | None:
    """What an SDK tells of its licence along with each answer."""
    usage = loaded(text).get("usage")
    if not isinstance(usage, dict) or not is_count(usage.get("calls")):
        return None
    limit = usage.get("max_calls")
    return Usage(int(usage["calls"]), int(limit) if is_count(limit) else None, None)


def detail(text: str) -> str:
    """What the service says went wrong, in at most 200 printable characters; its `detail`, `error` or whole answer."""
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        told = text
    if isinstance(told, dict):
        told = told.get("detail") or told.get("error") or told
    return clean(told if isinstance(told, str) else str(told), 200)


def wait_seconds(text: str, retry_after: str) -> float | None:
    """The wait that a 429 asks for, in its `detail` or its header; None where it tells none."""
    stated = re.search(r"in (\d{1,6}(?:\.\d+)?) *(second|minute|hour)", detail(text), re.IGNORECASE)
    if stated:
        return float(stated[1]) * {"second": 1, "minute": 60, "hour": 3600}[stated[2].lower()]
    return float(retry_after) if re.fullmatch(r"\d{1,6}", retry_after) else None


def _time(value: object) -> datetime | None:
    try:
        at = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC) if at and 2000 < at.year < 3000 else None
