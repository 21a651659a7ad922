"""The gallery: the newest pictures first."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

import environment
from cameras.models import Image
from web.cards import card, for_cards
from web.hub import hub
from web.paging import Cursor, Page, newer_page, newest_page, older_page

PAGE_SIZE = 30


@require_safe
@cache_control(private=True)
def gallery(request: HttpRequest) -> HttpResponse:
    """One page of thumbnails, or what to do next where there is no picture at all."""
    page = read_page(request, for_cards(Image.objects.visible_to(request.user)))
    started = bool(page.images or request.GET)
    context: dict[str, object] = {"page": page, "cards": [card(image) for image in page.images], "started": started}
    if not started:
        context["hub"] = hub(request.get_host(), environment.current().receiver_address)
    return render(request, "web/gallery.html", context)


def read_page(request: HttpRequest, images: QuerySet[Image]) -> Page:
    """The page that the address asks for with `older` or `newer`; 404 where it cannot be read."""
    try:
        if text := request.GET.get("older"):
            return older_page(images, Cursor.parse(text), PAGE_SIZE)
        if text := request.GET.get("newer"):
            return newer_page(images, Cursor.parse(text), PAGE_SIZE)
    except ValueError as problem:
        raise Http404(str(problem)) from None
    return newest_page(images, PAGE_SIZE)
