"""Asking the rules about what happened, and keeping what each of them decided."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from alerts import compiled, due
from alerts.compiled import Compiled
from alerts.facts import READ, SEEN, TIME, Facts, of_event, of_image, of_visit
from alerts.judging import Failed, judge
from alerts.models import Trace
from alerts.telling import Outcome, tell
from alerts.upkeep import refresh
from cameras.models import Event, Image, Visit

log = logging.getLogger(__name__)

Verdict = dict[str, Any]
"""code, reason, and near (0 to 1), or for a rule that was met at and message (a number)."""
REACHED = {"sent": 3.0, "joined": 3.0, "told": 2.5}
SUPPRESSED = 2.0


def consider_image(image_id: int, read: bool) -> int:
    """Ask the rules about a picture in which objects were looked for, or, with `read`, number plates too.

    Returns how many rules were met. Again with the same result; a picture that is gone is a clean end.
    """
    image = Image.objects.select_related("camera", "visit__camera").filter(pk=image_id).first()
    if image is None:
        return 0
    met = consider(of_image(image, READ if read else SEEN))
    if read and image.visit_id:
        refresh(image.visit_id)
    return met


def consider_visit(visit_id: int) -> int:
    """Ask the rules about a visit that is over."""
    visit = Visit.objects.select_related("camera").filter(pk=visit_id).first()
    met = consider(of_visit(visit)) if visit else 0
    if visit:
        refresh(visit.pk)
    return met


def consider_event(event_id: int) -> int:
    """Ask the rules about what a node reported."""
    event = Event.objects.filter(pk=event_id).first()
    return consider(of_event(event)) if event else 0


def consider(facts: Facts) -> int:
    """Ask the rules that the facts may make true; how many were met."""
    asked = compiled.current().asked(facts.what, facts.camera_id)
    verdicts = ask(asked, facts)
    if subject := subject_of(facts):
        keep(subject, verdicts)
    return sum(one["code"] in REACHED for one in verdicts.values())


def ask(rules: Iterable[Compiled], facts: Facts) -> dict[str, Verdict]:
    """What each rule decides, by its number; those that are met tell."""
    verdicts: dict[str, Verdict] = {}
    waiting: dict[int, datetime] = {}
    for rule in rules:
        found = judge(rule, facts)
        if isinstance(found, Failed):
            if found.due_at:
                waiting[rule.pk] = found.due_at
            verdicts[str(rule.pk)] = {"code": found.code, "reason": found.reason, "near": round(found.near, 3)}
        else:
            verdicts[str(rule.pk)] = told(tell(rule.pk, found))
    due.wait(waiting)
    return verdicts


def told(outcome: Outcome) -> Verdict:
    """What became of a rule that is met."""
    said: Verdict = {"code": outcome.code, "reason": outcome.reason, "at": timezone.now().isoformat()}
    return said | ({"message": outcome.message} if outcome.message else {})


def subject_of(facts: Facts) -> str:
    """What the page that says why is about; nothing for a time that has passed."""
    if facts.event:
        return f"event:{facts.event.pk}"
    return f"visit:{facts.visit.pk}" if facts.visit else ""


def keep(subject: str, verdicts: Mapping[str, Verdict]) -> None:
    """Keep what was decided about a visit or event, of several looks the one that came nearest to a message."""
    if not verdicts:
        return
    with transaction.atomic():
        row = Trace.objects.select_for_update().filter(subject=subject).order_by().first()
        if row is None:
            row, made = Trace.objects.get_or_create(
                subject=subject, defaults={"verdicts": dict(verdicts), "at": timezone.now()}
            )
            if made:
                return
        row.verdicts = {**row.verdicts, **nearer(row.verdicts, verdicts)}
        row.at = timezone.now()
        row.save(update_fields=["verdicts", "at"])


def nearer(before: Mapping[str, Verdict], now: Mapping[str, Verdict]) -> dict[str, Verdict]:
    """The verdicts that come at least as near to a message as those before."""
    return {number: one for number, one in now.items() if number not in before or reach(one) >= reach(before[number])}


def reach(verdict: Verdict) -> float:
    """How near a verdict came to a message."""
    code = verdict["code"]
    return float(verdict.get("near", 0.0)) if code in ("condition", "only_if") else REACHED.get(code, SUPPRESSED)


def check_due(now: datetime | None = None) -> int:
    """Look at the rules whose time has come; how many that were.

    A check goes together with what its look brings about: a crash leaves both undone.
    """
    now = now or timezone.now()
    rules, checks = compiled.current().rules, due.overdue(now)
    for number, at in checks:
        with transaction.atomic():
            due.done(number, at)
            if number in rules:
                ask([rules[number]], Facts(TIME, now))
    return len(checks)
