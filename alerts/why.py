"""Why somebody was told, or not: the way of a visit or an event from its receipt to its deliveries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from alerts.considering import reach
from alerts.models import Delivery, Message, Rule, Trace

CODES = {
    "sent": ("Told", "ok"),
    "joined": ("Joined a message", "ok"),
    "told": ("Told before", "ok"),
    "condition": ("Not met", ""),
    "only_if": ("Not now", ""),
    "late": ("Too late", "warning"),
    "snoozed": ("Snoozed", "warning"),
    "cooldown": ("Cooldown", "warning"),
    "cap": ("Hourly cap", "warning"),
    "gone": ("Gone", ""),
}
"""What a verdict is called, and the kind of its badge."""


@dataclass(frozen=True, slots=True)
class Considered:
    """A rule and what it decided."""

    rule: int
    name: str
    """Empty where the rule was deleted."""
    title: str
    kind: str
    reason: str
    at: datetime | None
    """When it told; nothing where it did not."""
    message: int | None


def considered(subject: str) -> list[Considered]:
    """The rules that were asked about `visit:12` or `event:7`, those that came nearest to a message first."""
    row = Trace.objects.filter(subject=subject).first()
    verdicts: Mapping[str, Any] = row.verdicts if row else {}
    ordered = sorted(verdicts.items(), key=lambda one: -reach(one[1]))
    names = dict(Rule.objects.filter(pk__in=list(verdicts)).values_list("pk", "name"))
    return [decided(int(number), names.get(int(number), ""), one) for number, one in ordered]


def decided(rule: int, name: str, verdict: Mapping[str, Any]) -> Considered:
    """What a rule decided."""
    title, kind = CODES.get(verdict["code"], (verdict["code"], ""))
    at = datetime.fromisoformat(verdict["at"]) if "at" in verdict else None
    return Considered(rule, name, title, kind, verdict["reason"], at, verdict.get("message"))


def with_deliveries(messages: Sequence[Message]) -> list[tuple[Message, list[Delivery]]]:
    """Messages with what became of each on every channel; one query."""
    rows = Delivery.objects.filter(message__in=messages).select_related("channel", "message").order_by("pk")
    by_message: dict[int, list[Delivery]] = {}
    for row in rows:
        by_message.setdefault(row.message_id, []).append(row)
    return [(one, by_message.get(one.pk, [])) for one in messages]
