"""How things stand with the service: for `manage.py status`, and for staff."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import environment
from cameras.models import Camera, PlateSource, RunStatus
from cloud import budget, pace
from cloud.budget import Budget
from cloud.models import CloudRun


@dataclass(frozen=True, slots=True)
class Standing:
    """What people want to know of the service."""

    host: str
    configured: bool
    cameras: int
    """Cameras in use whose pictures it may get."""
    waiting: int
    paused_until: datetime | None
    reason: str
    month: Budget


def standing() -> Standing:
    """How things stand now."""
    env, row = environment.current(), pace.state()
    wanted = Camera.objects.exclude(plate_source=PlateSource.LOCAL).filter(retired_at=None)
    return Standing(
        host=urlsplit(env.plate_recognizer_url).netloc,
        configured=env.cloud_reading,
        cameras=wanted.count(),
        waiting=CloudRun.objects.filter(status=RunStatus.QUEUED, image__camera__in=wanted).count(),
        paused_until=row.paused_until if pace.paused(row) else None,
        reason=row.reason if pace.paused(row) else "",
        month=budget.current(),
    )


def as_json() -> dict[str, Any]:
    """The same for programs; times in ISO 8601."""
    now = standing()
    month = now.month
    return {
        "host": now.host,
        "configured": now.configured,
        "cameras": now.cameras,
        "waiting": now.waiting,
        "paused_until": now.paused_until.isoformat() if now.paused_until else None,
        "reason": now.reason,
        "used": month.used,
        "budget": month.limit,
        "left": month.left,
        "calls_a_day": round(month.a_day, 2),
        "resets_at": month.ends_at.isoformat(),
        "runs_out_at": month.runs_out_at.isoformat() if month.runs_out_at else None,
    }
