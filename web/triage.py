"""The vehicles that wait for a person to say what they are, one after the other, the newest first."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse

from accounts.models import Person
from plates.models import Correction, PlateReading, Sighting
from web.keyset import beside
from web.paging import Cursor
from web.vehicle_states import UNSETTLED

MOST_COUNTED = 99


def unsettled(user: Person, *states: str) -> QuerySet[Sighting]:
    """Vehicles of closed visits that were read, but not surely; those on which nothing was read cannot be settled."""
    rows = Sighting.objects.visible_to(user).filter(status__in=states, visit__closed_at__isnull=False)
    return rows.exclude(text="")


def waiting(user: Person, place: Cursor | None) -> tuple[Sighting | None, int]:
    """The newest one, or the newest behind a place, and how many wait, counted as `left` does.

    The newest of each state come off their index, and mostly the one behind a place is among them. In one query with
    all that belongs to the row, MariaDB would begin with the cameras and read every vehicle.
    """
    heads: list[tuple[datetime, int]] = []
    count = 0
    for status in UNSETTLED:
        rows = unsettled(user, status)
        newest = list(rows.order_by("-at", "-pk").values_list("at", "pk")[: MOST_COUNTED + 1])
        behind = [one for one in newest if not place or one < (place.received_at, place.id)]
        if place and not behind and len(newest) > MOST_COUNTED:
            behind = list(beside(rows, "at", place, "lt").values_list("at", "pk")[:1])
        heads += behind[:1]
        count += len(newest)
    with_all = Sighting.objects.select_related("plate", "best_image", "visit")
    found = with_all.filter(pk=max(heads)[1]).first() if heads else None
    return found, min(count, MOST_COUNTED + 1)


def left(user: Person) -> int:
    """How many wait, counted up to one more than `MOST_COUNTED`."""
    return unsettled(user, *UNSETTLED).order_by()[: MOST_COUNTED + 1].count()


def in_figures(count: int) -> str:
    """A count as it is shown: 12, or 99+."""
    return f"{MOST_COUNTED}+" if count > MOST_COUNTED else str(count)


def place_behind(row: Sighting) -> str:
    """The address of what follows a vehicle."""
    return address(Cursor(row.at, row.pk))


def place_before(row: Sighting | None) -> str:
    """The address at which a vehicle stands itself; the beginning where there is none."""
    return address(Cursor(row.at, row.pk + 1)) if row else reverse("web:sighting_triage")


def address(place: Cursor) -> str:
    """The page that begins behind a place."""
    return f"{reverse('web:sighting_triage')}?older={place}"


def place_of_correction(row: Correction, user: Person) -> Sighting | None:
    """The vehicle that a correction was about, as far as it is there."""
    first = row.before["readings"][0] if row.before["readings"] else None
    numbers = [first[0] if isinstance(first, list) else first] if first else []
    reading = PlateReading.objects.visible_to(user).select_related("sighting").filter(pk__in=numbers).first()
    return reading.sighting if reading else None
