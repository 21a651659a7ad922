"""What retention removed, counted by day and reason in the very transaction that removes it."""

from __future__ import annotations

import logging
from functools import partial

from django.db import transaction
from django.db.models import F, QuerySet, Sum
from django.utils import timezone

from cameras.models import Purge

log = logging.getLogger(__name__)


def note(why: str, images: int = 0, size: int = 0, events: int = 0, visits: int = 0) -> None:
    """Count what goes, and have it logged once it is gone. Call it in the transaction that removes it, at its end."""
    if not (images or events or visits):
        return
    row = today().filter(why=why[:100]).order_by("pk").first() or Purge.objects.create(why=why[:100])
    Purge.objects.filter(pk=row.pk).update(
        at=timezone.now(),
        images=F("images") + images,
        bytes=F("bytes") + size,
        events=F("events") + events,
        visits=F("visits") + visits,
    )
    line = "purged %d images (%d bytes), %d events and %d visits: %s"
    transaction.on_commit(partial(log.info, line, images, size, events, visits, why))


def removed_for_room() -> int:
    """How many pictures went today for want of room."""
    return today().filter(why__startswith="room").aggregate(n=Sum("images"))["n"] or 0


def today() -> QuerySet[Purge]:
    """What was removed since midnight, by the site's clock."""
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return Purge.objects.filter(refused=False, at__gte=midnight)
