"""Times that rules wait for, kept in the database, so that no restart loses one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.utils import timezone

from alerts.models import DueCheck, Rule

BATCH = 200


def wait(times: Mapping[int, datetime]) -> None:
    """Have rules looked at when a time comes. One that is looked at sooner anyway will then wait anew."""
    if not times:
        return
    sooner = DueCheck.objects.filter(rule__in=list(times)).values_list("rule", "due_at")
    known = dict(sooner)
    for number, at in times.items():
        is_new = number not in known or at < known[number]
        if is_new and Rule.objects.filter(pk=number).exists():  # one that was deleted meanwhile waits for nothing
            DueCheck.objects.update_or_create(rule_id=number, defaults={"due_at": at})


def look_soon(rule: Rule) -> None:
    """Have a rule that was made or changed looked at, so that it waits for what already goes on."""
    DueCheck.objects.update_or_create(rule=rule, defaults={"due_at": timezone.now()})


def overdue(now: datetime) -> list[tuple[int, datetime]]:
    """Some rules whose time has come, with that time, the longest overdue first."""
    rows = DueCheck.objects.filter(due_at__lte=now).order_by("due_at")
    return list(rows.values_list("rule", "due_at")[:BATCH])


def done(rule_id: int, due_at: datetime) -> None:
    """A check was made; one that was set meanwhile stays."""
    DueCheck.objects.filter(rule=rule_id, due_at=due_at).delete()
