"""Pictures as they come: of cameras that send all the time, and of nodes whose detectors are being tuned."""

from __future__ import annotations

import dataclasses
import logging

import redis
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import conditional_page, require_safe

import broker_url
import environment
from ingest import live as broker
from web.hub import hub
from web.latest import sees_all
from web.live import LiveCard, cards, visible

log = logging.getLogger(__name__)
NOT_THERE = "The broker does not answer, so that nothing can be shown."


@require_safe
@cache_control(private=True)
def live(request: HttpRequest) -> HttpResponse:
    """The page; its script asks for the list again and again while the page is in sight."""
    shown, problem = shown_to(request)
    env = environment.current()
    address = env.receiver_live_address
    context = {
        "cameras": [one for one in shown if one.kind == broker.CAMERA],
        "tuning": [one for one in shown if one.kind == broker.TUNING],
        "problem": problem,
        "sees_all": sees_all(request.user),
        "address": hub(request.get_host(), address).address if address else "",
        "keep_seconds": env.receiver_live_keep_seconds,
        "hub": hub(request.get_host(), env.receiver_address),
    }
    return render(request, "web/pages/live.html", context)


@require_safe
@conditional_page
@cache_control(private=True, no_cache=True)
def live_list(request: HttpRequest) -> HttpResponse:
    """What is shown, for the page's script; 304 while nothing has changed."""
    shown, problem = shown_to(request)
    return JsonResponse({"problem": problem, "cards": [dataclasses.asdict(one) for one in shown]})


@require_safe
@never_cache
def live_picture(request: HttpRequest, receiver_id: str, slot: str) -> HttpResponse:
    """One of the pictures; it is stored nowhere, in no browser either."""
    try:
        one = next((one for one in visible(request.user) if (one.receiver, one.slot) == (receiver_id, slot)), None)
        found = broker.picture(one) if one else None
    except redis.RedisError as problem:
        raise Http404(broker_url.explain(problem)) from problem
    if found is None:
        raise Http404("this picture is not shown any more")
    return HttpResponse(found, content_type="image/jpeg", headers={"X-Content-Type-Options": "nosniff"})


def shown_to(request: HttpRequest) -> tuple[list[LiveCard], str]:
    """What this person sees, and what keeps them from seeing anything."""
    try:
        return cards(request.user), ""
    except redis.RedisError as problem:
        log.warning("nothing can be shown live: %s", broker_url.explain(problem))
        return [], NOT_THERE
