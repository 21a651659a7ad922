"""Pictures by the hour, right to the second: from the counts where these stand, else counted from the index.

Whoever changes what is counted of an hour notes that in the same transaction, so the counts of all hours before the
first one that is noted stand (docs/decisions/rollups.md). That is usually the hour at hand.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from django.db.models import Case, Count, DateTimeField, Exists, OuterRef, Q, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce, TruncHour

from accounts.models import Person
from cameras.models import ChangedHour, Image
from detections.models import Detection
from rollups.counting import SHOWN
from rollups.models import Ledger, TrafficHour
from rollups.spans import LATER_THAN_ALL

Row = tuple[datetime, int, int, int]
"""An hour, its pictures, those that show a vehicle, and those that show a person."""


def by_hour(user: Person, since: datetime) -> Iterable[Row]:
    """The hours since a whole one, in no order; an hour may come in two parts. One query."""
    stand = until(since)
    kept = TrafficHour.objects.visible_to(user).filter(at__gte=since, at__lt=stand).order_by().values_list("at")
    fresh = Image.objects.visible_to(user).filter(Q(received_at__gte=since), received_at__gte=stand).order_by()
    counted = fresh.values_list(TruncHour("received_at", tzinfo=UTC)).annotate(
        a=Count("pk"), b=Count("pk", filter=shows("with_vehicle")), c=Count("pk", filter=shows("with_person"))
    )
    summed = kept.annotate(a=Sum("images"), b=Sum("with_vehicle"), c=Sum("with_person"))
    rows: Iterable[Row] = summed.union(counted, all=True)
    return rows


def until(since: datetime) -> Case:
    """SQL for the moment up to which the counts of hours since another stand."""
    counted = Ledger.objects.filter(Q(finished_at__isnull=False) | Q(counted_from__lte=since))
    noted = ChangedHour.objects.filter(at__gte=since).order_by("at").values("at")[:1]
    stand = Coalesce(Subquery(noted), Value(LATER_THAN_ALL, DateTimeField()))
    return Case(When(Exists(counted), then=stand), default=Value(since, DateTimeField()))


def shows(name: str) -> Q:
    """Images on which one of the labels was found that a column counts."""
    return Q(Exists(Detection.objects.filter(image=OuterRef("pk"), label__in=SHOWN[name])))
