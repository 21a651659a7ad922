"""The live wall: the latest picture of every camera, which its script keeps up to date."""

from __future__ import annotations

import dataclasses

import redis
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe

from alerts.models import Channel
from ingest.live import Shown
from web.views.theme import YEAR
from web.wall import COOKIE, STALE_SECONDS, THUMBNAIL_WIDTH, Tile, look, size_choices, streams, tiles

NO_STREAMS = "The broker does not answer, so that cameras that send all the time cannot be shown live."
SCRIPT = "web/js/wall.js"
"""Its address changes with every version of it, so that a wall that is open for months notices an update."""
CHANGING = ("age", "stale")
"""What the script reckons by itself; left out of the list, it changes only when something came."""


@require_safe
@cache_control(private=True, no_cache=True)
def wall(request: HttpRequest) -> HttpResponse:
    """The page, which also works without its script: it then loads itself anew."""
    found, problem = shown(request)
    chosen = look(request)
    context = {
        "tiles": found,
        "large": chosen.large,
        "size": chosen.size,
        "sizes": size_choices(chosen),
        "kiosk": "kiosk" in request.GET,
        "problem": problem,
        "script": static(SCRIPT),
        "stale_seconds": STALE_SECONDS,
        "thumbnail_width": THUMBNAIL_WIDTH,
        "speaks": Channel.objects.filter(kind="speech", enabled=True).exists(),
    }
    response = render(request, "web/pages/wall.html", context)
    if "size" in request.GET:
        secure = bool(settings.SESSION_COOKIE_SECURE)
        response.set_cookie(COOKIE, str(chosen), max_age=YEAR, samesite="Lax", secure=secure)
    return response


@require_safe
@conditional_page
@cache_control(private=True, no_cache=True)
def wall_list(request: HttpRequest) -> HttpResponse:
    """What the wall shows, for its script; 304 while nothing has come."""
    found, problem = shown(request)
    told = [{key: value for key, value in dataclasses.asdict(one).items() if key not in CHANGING} for one in found]
    return JsonResponse({"problem": problem, "script": static(SCRIPT), "tiles": told})


def shown(request: HttpRequest) -> tuple[list[Tile], str]:
    """The tiles of this person, and what keeps some of them from being up to date."""
    sent: dict[int, Shown] = {}
    problem = ""
    try:
        sent = streams()
    except redis.RedisError:
        problem = NO_STREAMS
    return tiles(request.user, sent), problem
