"""The gallery: the newest pictures first."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

import environment
from cameras.models import Image
from web.cards import card, for_cards
from web.gallery_filters import Filters, nearest_before, read_filters
from web.hub import hub
from web.keyset import Page, asked_place, read_page

PAGE_SIZE = 30


@require_safe
@cache_control(private=True)
def gallery(request: HttpRequest) -> HttpResponse:
    """One page of thumbnails, or what to do next where there is no picture at all; to htmx its cards alone."""
    images = Image.objects.visible_to(request.user)
    filters = read_filters(request)
    page = read_page(request, filters.apply(for_cards(images)), "received_at", PAGE_SIZE)
    context: dict[str, object] = {"page": page, "cards": [card(image) for image in page.rows]}
    if request.headers.get("HX-Request") == "true":
        response = render(request, "web/parts/cards.html", {**context, "day_shown": day_above(request)})
    else:
        response = render(request, "web/gallery.html", {**context, **around(request, images, filters, page)})
    patch_vary_headers(response, ["HX-Request"])
    return response


def around(request: HttpRequest, images: QuerySet[Image], filters: Filters, page: Page[Image]) -> dict[str, object]:
    """What a whole page says beside its cards."""
    if page.rows:
        return {"filters": filters, "started": True}
    if not page.beyond and not filters.chosen:
        return {"started": False, "hub": hub(request.get_host(), environment.current().receiver_address)}
    return {"filters": filters, "started": True, "nearest": nearest_before(filters, images)}


def day_above(request: HttpRequest) -> date | None:
    """The day whose pictures stand just above those that are added, so that its heading is not said twice."""
    place = asked_place(request, "older")
    return timezone.localtime(place.received_at).date() if place else None
