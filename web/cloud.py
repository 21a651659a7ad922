"""How things stand with Plate Recognizer, for staff."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from cameras.models import Camera, PlateSource
from cloud.state import Standing, standing
from web.site_time import by_site_clock


@dataclass(frozen=True, slots=True)
class CloudToday:
    """What the card says. `kind` and `state` are its badge."""

    now: Standing
    kind: str
    state: str
    used_percent: int | None
    """Of the month's budget; None without one."""
    outlook: str
    """Whether the budget lasts."""


@by_site_clock
def cloud_today() -> CloudToday | None:
    """The card; None where no camera asks the service."""
    if not Camera.objects.exclude(plate_source=PlateSource.LOCAL).filter(retired_at=None).exists():
        return None
    now = standing()
    limit = now.month.limit
    percent = min(100, round(100 * now.month.used / limit)) if limit else None
    kind, state = badge(now)
    return CloudToday(now, kind, state, percent, outlook(now))


def badge(now: Standing) -> tuple[str, str]:
    """Kind and words of the badge."""
    if not now.configured:
        return "danger", "No token"
    if now.month.left == 0:
        return "danger", "Budget spent"
    return ("warning", "Paused") if now.paused_until else ("ok", "Ready")


def outlook(now: Standing) -> str:
    """What becomes of the budget, in words."""
    month = now.month
    if month.limit is None:
        return "no limit is set"
    renewed = f"renewed on {day(month.ends_at)}"
    if not month.left:
        return f"spent; {renewed}"
    if month.runs_out_at:
        return f"spent {on_day(month.runs_out_at)}, should it go on like this; {renewed}"
    return f"lasts; {renewed}"


def on_day(at: datetime) -> str:
    """Today, tomorrow, or on a date."""
    words = {timezone.localdate(): "today", timezone.localdate() + timedelta(days=1): "tomorrow"}
    return words.get(timezone.localdate(at), f"on {day(at)}")


def day(at: datetime) -> str:
    """A day of the site's calendar, such as 14 December."""
    local = timezone.localtime(at)
    return f"{local.day} {local:%B}"
