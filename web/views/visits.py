"""Visits: passes in front of a camera, newest first."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from cameras.models import Camera, Visit
from web.asked import any_filter, asked_row, camera_choices
from web.days import asked_day, day_range
from web.keyset import read_page
from web.passes import passes

PAGE_SIZE = 12


@require_safe
@cache_control(private=True)
def visits(request: HttpRequest) -> HttpResponse:
    """One page of visits with their best pictures; filters for camera and day."""
    cameras = list(Camera.objects.visible_to(request.user).select_related("node"))
    camera, day = asked_row(request, "camera", cameras), asked_day(request)
    found = Visit.objects.visible_to(request.user).select_related("camera__node")
    if camera:
        found = found.filter(camera=camera)
    if day:
        begins, ends = day_range(day)
        found = found.filter(started_at__gte=begins, started_at__lt=ends)
    page = read_page(request, found, "started_at", PAGE_SIZE)
    context = {
        "page": page,
        "passes": passes(page.rows, request.user) if page.rows else [],
        "cameras": camera_choices(cameras, camera),
        "day": request.GET.get("day", ""),
        "today": timezone.localdate().isoformat(),
        "filtered": any_filter(request, "camera", "day"),
    }
    return render(request, "web/pages/visits.html", context)
