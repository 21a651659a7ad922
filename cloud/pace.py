"""One pace for all workers: when the next call may begin, and when nothing may be sent at all.

Kept in the database, where the attempts are marked too: see docs/decisions/plate-recognizer.md.
"""

from __future__ import annotations

import hashlib
import logging
import time
from datetime import UTC, datetime, timedelta

from django.db.models import F
from django.utils import timezone

import environment
from cloud.models import CloudState, PauseKind

log = logging.getLogger(__name__)

NEVER = datetime.fromtimestamp(0, UTC)
PATIENCE_SECONDS = 4.0
"""How long a worker waits for its turn; after that the picture goes back in line."""
LEAST_BACK_OFF = timedelta(seconds=30)
MOST_BACK_OFF = timedelta(minutes=30)
REFUSED = timedelta(hours=1)
"""After a refused token or spent credits nothing is sent for so long; then one picture tries."""
LONGEST = timedelta(days=32)
STANDING = (PauseKind.TOKEN, PauseKind.CREDITS)
"""Pauses that somebody has to end: what would be sent meanwhile is not sent later."""


def state() -> CloudState:
    """The one row, made by the first caller. What is known of another account or address is forgotten."""
    row, _ = CloudState.objects.get_or_create(
        pk=1, defaults={"next_call_at": NEVER, "paused_until": NEVER, "account": account()}
    )
    if row.account != account():
        CloudState.objects.filter(pk=1).update(account=account(), **_nothing())
        row.refresh_from_db()
    return row


def account() -> str:
    """A short mark of address and token, by which a change is noticed; neither can be told from it."""
    env = environment.current()
    return hashlib.sha256(f"{env.plate_recognizer_url}\n{env.plate_recognizer_token}".encode()).hexdigest()[:12]


def take_turn() -> bool:
    """Wait for this process's turn to call, some seconds at most; False where it does not come by then."""
    interval = timedelta(seconds=environment.current().plate_recognizer_interval)
    deadline = time.monotonic() + PATIENCE_SECONDS
    state()
    while True:
        now = timezone.now()
        free = CloudState.objects.filter(pk=1, next_call_at__lte=now, paused_until__lte=now)
        if free.update(next_call_at=now + interval):
            return True
        wait = (wakes_at() - now).total_seconds()
        if time.monotonic() + wait > deadline:
            return False
        time.sleep(max(wait, 0.01))


def wakes_at() -> datetime:
    """When the next call may begin; what a clock that was set back makes absurd counts as now."""
    row, now = state(), timezone.now()
    interval = timedelta(seconds=environment.current().plate_recognizer_interval)
    if row.next_call_at > now + 2 * interval + LEAST_BACK_OFF:
        CloudState.objects.filter(pk=1).update(next_call_at=now)
        row.next_call_at = now
    return max(row.next_call_at, row.paused_until)


def paused(row: CloudState) -> bool:
    """Whether nothing may be sent for now, whoever's turn it is."""
    return row.paused_until > timezone.now()


def standing_reason(row: CloudState) -> str:
    """Why pictures are left out for now, rather than kept waiting; empty where they are not."""
    return row.reason if row.pause in STANDING and paused(row) else ""


def pause(kind: PauseKind, reason: str, lasts: timedelta) -> None:
    """Send nothing for a while; a pause that lasts longer already stays."""
    until = timezone.now() + min(lasts, LONGEST)
    changed = CloudState.objects.filter(pk=1, paused_until__lt=until)
    if changed.update(paused_until=until, pause=kind, reason=reason[:255]):
        log.warning("nothing is sent to Plate Recognizer until %s: %s", until.isoformat(timespec="seconds"), reason)


def back_off(reason: str) -> None:
    """A call failed: pause, twice as long after each further failure."""
    CloudState.objects.filter(pk=1).update(failures=F("failures") + 1)
    failures = state().failures
    pause(PauseKind.FAILING, reason, min(MOST_BACK_OFF, LEAST_BACK_OFF * 2 ** min(failures - 1, 20)))


def works() -> None:
    """A call was answered: failures before it are past. A pause that another worker began meanwhile stays."""
    CloudState.objects.filter(pk=1).exclude(failures=0).update(failures=0)
    over = CloudState.objects.filter(pk=1, paused_until__lte=timezone.now()).exclude(pause=PauseKind.NONE)
    over.update(pause=PauseKind.NONE, reason="")


def _nothing() -> dict[str, object]:
    return {
        "next_call_at": NEVER,
        "paused_until": NEVER,
        "pause": PauseKind.NONE,
        "reason": "",
        "failures": 0,
        "service_limit": None,
        "elsewhere": 0,
        "resets_at": None,
        "asked_at": None,
    }
