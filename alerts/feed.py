"""What walls have to say: the latest messages on channels of speech."""

from __future__ import annotations

import re
from datetime import timedelta

from django.utils import timezone

from accounts.models import Person
from alerts.models import Delivery, DeliveryState, Message

FRESH = timedelta(seconds=30)
"""A wall that was away says nothing that is older."""
MOST = 20
TIMES = re.compile(r" \(\d+ times\)$")


def spoken(user: Person) -> list[dict[str, object]]:
    """The messages of the last seconds that this person may know, the oldest first.

    Each has `number`, that of the message, and `text`, which is another one when more became known. That a burst grew
    is not worth saying again.
    """
    recent = Delivery.objects.filter(
        channel__kind="speech", state=DeliveryState.SENT, sent_at__gte=timezone.now() - FRESH
    )
    seen = Message.objects.visible_to(user)
    rows = seen.filter(deliveries__in=recent).distinct().order_by("-pk")[:MOST]
    return [{"number": one.pk, "text": TIMES.sub("", one.text)} for one in reversed(rows)]
