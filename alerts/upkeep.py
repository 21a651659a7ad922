"""Messages kept up to date with what became known, and old ones removed."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from alerts.models import Message, Trace
from alerts.telling import send_again
from alerts.wording import render
from plates.models import Sighting

LIVELY = timedelta(minutes=15)
"""Messages that are older are history: they stay as they were sent."""
KEEP_TRACES = timedelta(days=30)
KEEP_MESSAGES = timedelta(days=365)
BATCH = 1000


def refresh(visit_id: int) -> int:
    """Write the plate into messages about a visit that have room for it; how many were changed."""
    since = timezone.now() - LIVELY
    rows = Message.objects.filter(visit=visit_id, created_at__gt=since).select_related("rule")
    waiting = [one for one in rows if one.rule and "{plate}" in one.rule.template and not one.facts.get("plate")]
    if not waiting:
        return 0
    seen = Sighting.objects.filter(visit=visit_id).exclude(text="").select_related("plate")
    best = seen.order_by("-confidence", "pk").first()
    if best is None:
        return 0
    known = {"plate": best.plate.text if best.plate else best.text, "owner": best.plate.owner if best.plate else ""}
    return sum(rewrite(one.pk, known) for one in waiting)


def rewrite(message_id: int, known: dict[str, str]) -> bool:
    """Take facts over into a message; whether its text changed."""
    with transaction.atomic():
        message = Message.objects.select_for_update().select_related("rule").filter(pk=message_id).first()
        if message is None or message.rule is None:
            return False
        facts = message.facts | known
        text = render(message.rule.template, facts, message.occasions)
        if text == message.text:
            return False
        Message.objects.filter(pk=message.pk).update(text=text, facts=facts, version=F("version") + 1)
        send_again(message)
    return True


def purge() -> int:
    """Remove what is too old, a slice; how many rows went."""
    now = timezone.now()
    traces = Trace.objects.filter(at__lt=now - KEEP_TRACES).order_by("at").values_list("pk", flat=True)[:BATCH]
    messages = Message.objects.filter(created_at__lt=now - KEEP_MESSAGES).order_by("created_at")
    gone = Trace.objects.filter(pk__in=list(traces)).delete()[0]
    return gone + Message.objects.filter(pk__in=list(messages.values_list("pk", flat=True)[:BATCH])).delete()[0]
