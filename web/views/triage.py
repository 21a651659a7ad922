"""Triage: vehicles whose plate is in doubt, one at a time, to be settled with a key or a thumb."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import Person
from cameras.models import Image
from plates.models import Sighting
from web.cards import Card, card, for_cards
from web.correcting import last_correction
from web.keyset import asked_place
from web.permissions import may_correct
from web.triage import in_figures, place_before, place_behind, waiting
from web.vehicles import Vehicle, of_sightings


@require_safe
@never_cache
def triage(request: HttpRequest) -> HttpResponse:
    """The next vehicle, or that none is left."""
    place = asked_place(request, "older")
    row, count = waiting(request.user, place)
    shown = vehicle_of(row, request.user)
    context: dict[str, object] = {
        "vehicle": shown,
        "count": count,
        "figure": in_figures(count),
        "may_correct": may_correct(request.user),
        "last": last_correction(request.user),
    }
    if row and shown:
        picture = picture_of(shown, request.user)
        if picture:
            row.visit.camera = picture.image.camera  # read with the picture
        context |= {"card": picture, "next": place_behind(row), "here": place_before(row)}
    elif row:
        context |= {"next": place_behind(row)}
    return render(request, "web/pages/triage.html", context)


def vehicle_of(row: Sighting | None, user: Person) -> Vehicle | None:
    """The vehicle with its readings, as far as this person may see it."""
    return next(iter(of_sightings([row], user)), None) if row else None


def picture_of(shown: Vehicle, user: Person) -> Card | None:
    """The picture that shows it best."""
    best = [one.reading.image_id for one in shown.readings if one.best]
    image = for_cards(Image.objects.visible_to(user)).filter(pk__in=best).first()
    return card(image) if image else None
