"""The gallery: the newest pictures first."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

import environment
from web.cards import cards_of
from web.gallery_days import days_of
from web.gallery_filters import read_filters
from web.gallery_form import FilterForm
from web.gallery_nearest import nearest_before
from web.gallery_pages import FoundPage, read_found
from web.gallery_search import Search
from web.hub import hub
from web.keyset import asked_place
from web.permissions import may_change_pictures, may_delete_pictures

PAGE_SIZE = 30


@require_safe
@cache_control(private=True)
def gallery(request: HttpRequest) -> HttpResponse:
    """One page of thumbnails, or what to do next where there is no picture at all; to htmx its cards alone."""
    search = Search(read_filters(request), request.user)
    more = request.headers.get("HX-Request") == "true"
    found = read_found(request, search, PAGE_SIZE, count=not more)
    context: dict[str, object] = {
        "page": found.page,
        "reached": found.reached,
        "cards": cards_of(found.page.rows, by_visit=search.filters.by_visit),
    }
    if more:
        response = render(request, "web/parts/cards.html", {**context, "day_shown": day_above(request)})
    else:
        response = render(request, "web/gallery.html", {**context, **around(request, search, found)})
    patch_vary_headers(response, ["HX-Request"])
    return response


def around(request: HttpRequest, search: Search, found: FoundPage) -> dict[str, object]:
    """What a whole page says beside its cards."""
    filters, page = search.filters, found.page
    if not page.rows and not page.beyond and not filters.narrowed and not found.reached:
        return {"started": False, "hub": hub(request.get_host(), environment.current().receiver_address)}
    return {
        "started": True,
        "filters": filters,
        "form": FilterForm(request, filters),
        "count": found.count,
        "days": days_of(request, search, found),
        "nearest": None if page.rows else nearest_before(request, search),
        "here": request.get_full_path(),
        "may_change": may_change_pictures(request.user),
        "may_delete": may_delete_pictures(request.user),
    }


def day_above(request: HttpRequest) -> date | None:
    """The day whose pictures stand just above those that are added, so that its heading is not said twice."""
    place = asked_place(request, "older")
    return timezone.localtime(place.received_at).date() if place else None
