"""All pictures that a purge would remove, for whom wants to see them first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import reduce

from django.db.models import Q, QuerySet

from cameras.models import Image
from ingest.pressure import missing_bytes, tiers
from ingest.retention_rules import rules


def going(now: datetime) -> Iterator[tuple[str, QuerySet[Image]]]:
    """Why pictures would go, and which: those that are too old, then those that have to make room beside them."""
    wanted, old = missing_bytes(), list[QuerySet[Image]]()
    for rule in rules(now):
        old.append(rule.images)
        yield rule.why, rule.images
        if wanted > 0:
            wanted -= sum(rule.images.order_by().values_list("bytes", flat=True).iterator())
    for why, images, _ in tiers():
        if wanted <= 0:
            return
        left = reduce(lambda rows, aged: rows.exclude(pk__in=aged.order_by().values("pk")), old, images)
        freed, last = until_freed(left, wanted)
        wanted -= freed
        if last:
            at, number = last
            yield why, left.filter(Q(received_at__lt=at) | Q(received_at=at, pk__lte=number))


def until_freed(images: QuerySet[Image], wanted: int) -> tuple[int, tuple[datetime, int] | None]:
    """The bytes of as many pictures, from the oldest on, as it takes; and the time and number of the last of them."""
    freed, last = 0, None
    for at, number, size in images.order_by("received_at", "pk").values_list("received_at", "pk", "bytes").iterator():
        freed, last = freed + size, (at, number)
        if freed >= wanted:
            break
    return freed, last
