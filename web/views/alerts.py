"""Messages: what was told, what waits, what was given up; arming; and why."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from alerts import arming, sending, why
from alerts.models import Channel, Delivery, DeliveryState, Message, Rule
from cameras.models import Camera, Event, Image, Visit
from web.asked import any_filter, asked_row, camera_choices, choices
from web.choices import Choice, Tab
from web.keyset import read_page
from web.latest import sees_all
from web.permissions import may_arm, may_change_rules

PAGE_SIZE = 30
MOST_IMAGES = 12


def tabs(request: HttpRequest, here: str) -> list[Tab]:
    """The pages of alerts; only who may change rules has more than the messages."""
    names = {"web:alerts": "Messages"}
    if may_change_rules(request.user):
        names |= {"web:alert_rules": "Rules", "web:alert_channels": "Channels"}
    return [Tab(reverse(name), text, name == here) for name, text in names.items()] if len(names) > 1 else []


@require_safe
@cache_control(private=True)
def alerts(request: HttpRequest) -> HttpResponse:
    """What was told, newest first; filters for camera, rule and what became of it."""
    found = Message.objects.of_rules().visible_to(request.user)
    cameras = list(Camera.objects.visible_to(request.user).select_related("node"))
    rules = list(Rule.objects.all()) if sees_all(request.user) else []
    camera, rule = asked_row(request, "camera", cameras), asked_row(request, "rule", rules)
    state = asked_state(request)
    if camera:
        found = found.filter(camera=camera)
    if rule:
        found = found.filter(rule=rule)
    if state:
        found = found.filter(pk__in=Delivery.objects.filter(state=state).values("message"))
    page = read_page(request, found.select_related("camera__node", "image", "rule"), "created_at", PAGE_SIZE)
    context = {
        "tabs": tabs(request, "web:alerts"),
        "page": page,
        "rows": why.with_deliveries(page.rows),
        "cameras": camera_choices(cameras, camera),
        "rules": choices(rules, rule),
        "states": [Choice(one.value, str(one.label), one.value == state) for one in DeliveryState],
        "filtered": any_filter(request, "camera", "rule", "state"),
        "armed": arming.latest(),
        "may_arm": may_arm(request.user),
        "may_change": may_change_rules(request.user),
        "failing": Channel.objects.filter(enabled=True).exclude(problem="") if may_change_rules(request.user) else [],
    }
    return render(request, "web/pages/alerts.html", context)


def asked_state(request: HttpRequest) -> str:
    """What became of messages, as the address says; 404 where there is no such state."""
    state = request.GET.get("state", "")
    if state and state not in DeliveryState.values:
        raise Http404("no such state")
    return state


@require_POST
def arm(request: HttpRequest) -> HttpResponse:
    """Arm or disarm the site, for those who may."""
    if not isinstance(request.user, User) or not may_arm(request.user):
        raise PermissionDenied
    armed = request.POST.get("armed") == "yes"
    arming.arm(armed, request.user)
    messages.success(request, "The site is armed." if armed else "The site is disarmed.")
    return redirect("web:alerts")


@require_POST
def send_again(request: HttpRequest, delivery_id: int) -> HttpResponse:
    """Send again what was given up or held back, for those who may change rules."""
    if not may_change_rules(request.user):
        raise PermissionDenied
    row = get_object_or_404(Delivery.objects.select_related("channel"), pk=delivery_id)
    if sending.send_again(row.pk, request.user):
        messages.success(request, f"It is sent again by {row.channel.name}.")
    else:
        messages.info(request, "It is on its way already.")
    return redirect("web:alerts")


@require_safe
@cache_control(private=True)
def visit_why(request: HttpRequest, visit_id: int) -> HttpResponse:
    """Why somebody was told of a visit, or not."""
    rows = Visit.objects.visible_to(request.user).select_related("camera__node")
    visit = get_object_or_404(rows, pk=visit_id)
    images = visit.images.select_related("detection_run", "recognition_run").order_by("received_at", "pk")
    told = Message.objects.visible_to(request.user).filter(visit=visit).select_related("rule")
    context = {
        "visit": visit,
        "title": f"Why: {visit.camera}",
        "back": reverse("web:visit", args=[visit.pk]),
        "back_text": "The visit",
        "images": [(one, things(one)) for one in images[:MOST_IMAGES]],
        "more": max(0, images.count() - MOST_IMAGES),
        "sightings": visit.sightings.select_related("plate").order_by("at"),
    }
    return because(request, f"visit:{visit.pk}", list(told), context)


def things(image: Image) -> list[Any]:
    """What was found in a picture, with the scores, the surest first."""
    return list(image.detections.all()[:8])


@require_safe
@cache_control(private=True)
def event_why(request: HttpRequest, event_id: int) -> HttpResponse:
    """Why somebody was told of an event, or not."""
    rows = Event.objects.visible_to(request.user).select_related("camera__node", "node")
    event = get_object_or_404(rows, pk=event_id)
    told = Message.objects.visible_to(request.user).filter(event=event).select_related("rule")
    context = {"event": event, "title": f"Why: {event.kind}", "back": reverse("web:events"), "back_text": "Events"}
    return because(request, f"event:{event.pk}", list(told), context)


def because(request: HttpRequest, subject: str, told: list[Message], context: dict[str, Any]) -> HttpResponse:
    """The page; rules are shown to who sees all cameras, since they may name others."""
    all_seen = sees_all(request.user)
    shown = {
        "considered": why.considered(subject) if all_seen else [],
        "sees_all": all_seen,
        "rows": why.with_deliveries(told),
        "rules": Rule.objects.filter(enabled=True).count() if all_seen else 0,
        "may_change": may_change_rules(request.user),
    }
    return render(request, "web/pages/why.html", context | shown)
