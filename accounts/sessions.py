"""Where a person is logged in, and the end of it.

A session's key is as good as a password, so pages name a session by a mark from which the key cannot be made.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

SEEN_SECONDS = 5 * 60
"""How stale the time of last use may get before it is written: not every request is worth a write."""


@dataclass(frozen=True, slots=True)
class Place:
    """One browser that is logged in."""

    mark: str
    device: str
    ip: str
    seen_at: datetime
    here: bool


def places(user_id: int, current_key: str | None) -> list[Place]:
    """Where somebody is logged in: the browser at hand first, then whichever was seen last."""
    rows = sorted(_open(user_id).order_by("-updated_at"), key=lambda row: row.session_key != current_key)
    return [
        Place(
            mark=mark(row.session_key),
            device=describe(row.user_agent or ""),
            ip=row.ip or "",
            seen_at=row.updated_at,
            here=row.session_key == current_key,
        )
        for row in rows
    ]


def end(user_id: int, wanted: str) -> bool:
    """End one session of this person, named by its mark; whether there was one."""
    keys = [row.session_key for row in _open(user_id) if constant_time_compare(mark(row.session_key), wanted)]
    return bool(_sessions().filter(user_id=user_id, session_key__in=keys).delete()[0])


def end_others(user_id: int, current_key: str | None) -> int:
    """End every session of this person but the one at hand; how many there were."""
    return int(_sessions().filter(user_id=user_id).exclude(session_key=current_key or "").delete()[0])


def end_all(user_id: int) -> None:
    """End every session of this person."""
    _sessions().filter(user_id=user_id).delete()


def remove_expired() -> None:
    """Remove what nobody can use any more."""
    _sessions().filter(expire_date__lt=timezone.now()).delete()


def note_use(session: SessionBase) -> None:
    """Note that a session is used, where the last note is stale."""
    now = int(time.time())
    if now - session.get("seen", 0) > SEEN_SECONDS:
        session["seen"] = now


def mark(key: str) -> str:
    """What a page calls a session."""
    return salted_hmac("accounts.sessions", key, algorithm="sha256").hexdigest()[:32]


def describe(user_agent: str) -> str:
    """The browser and the system, as people call them."""
    from ua_parser import parse  # its rules take memory that only this page needs

    found = parse(user_agent)
    browser = found.user_agent.family if found.user_agent else user_agent[:40]
    system = found.os.family if found.os else ""
    if found.device and found.device.family in {"iPhone", "iPad"}:
        system = found.device.family
    return f"{browser} on {system}" if browser and system else browser or "Unknown browser"


def _sessions() -> Any:
    # The sessions' table refers to users, whose model uses this module.
    from qsessions.models import Session

    return Session.objects


def _open(user_id: int) -> Any:
    return _sessions().filter(user_id=user_id, expire_date__gte=timezone.now())
