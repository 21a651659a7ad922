"""Corrections: of a reading, of a vehicle, of all that was read alike; their log and their undoing."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from plates.corrections import Settled, correct_alike, correct_reading, correct_vehicle
from plates.models import PlateReading, Sighting
from plates.undoing import undo
from web.correcting import back, in_words, may_undo, shown_corrections, tell, undoables, wanted_text
from web.keyset import read_page
from web.permissions import may_correct, may_correct_all
from web.triage import place_before, place_of_correction

PAGE_SIZE = 30


def person(request: HttpRequest) -> User:
    """Who corrects, once it is clear that they may."""
    if not isinstance(request.user, User) or not may_correct(request.user):
        raise PermissionDenied
    return request.user


@require_POST
def reading(request: HttpRequest, reading_id: int) -> HttpResponse:
    """Correct one reading, or with `alike` all that were read like it."""
    rows = PlateReading.objects.visible_to(request.user).select_related("image")
    row = get_object_or_404(rows, pk=reading_id)
    by, alike = person(request), "alike" in request.POST
    if alike and not may_correct_all(by):
        raise PermissionDenied
    visit = row.image.visit_id
    here = reverse("web:visit", args=[visit]) if visit else reverse("web:image", args=[row.image_id])
    try:
        made = (correct_alike if alike else correct_reading)(row, wanted_text(request), by)
    except PlateReading.DoesNotExist as problem:
        raise Http404 from problem
    except ValidationError as problem:
        messages.error(request, problem.messages[0])
    else:
        tell(request, made)
    return back(request, "next", here)


@require_POST
def sighting(request: HttpRequest, sighting_id: int) -> HttpResponse:
    """Say what a vehicle is; a form that tells what it showed changes nothing once that is settled."""
    row = get_object_or_404(Sighting.objects.visible_to(request.user).select_related("visit"), pk=sighting_id)
    by = person(request)
    here = reverse("web:visit", args=[row.visit_id])
    try:
        made = correct_vehicle(row, wanted_text(request), by, request.POST.get("was"))
    except Sighting.DoesNotExist as problem:
        raise Http404 from problem
    except Settled:
        messages.info(request, "This one was settled in the meantime; nothing was changed.")
        return back(request, "next", here)
    except ValidationError as problem:
        messages.error(request, problem.messages[0])
        return back(request, "here", here)
    tell(request, made)
    return back(request, "next", here)


@require_POST
def undo_correction(request: HttpRequest, correction_id: int) -> HttpResponse:
    """Take a correction back."""
    row = get_object_or_404(shown_corrections(request.user), pk=correction_id)
    by = person(request)
    if not row.undone_at and not may_undo(by, row):
        raise PermissionDenied
    try:
        undo(row, by)
        messages.success(request, f"Taken back: {in_words(row)}.")
    except ValidationError as problem:
        messages.info(request, problem.messages[0])
    if request.POST.get("next") == reverse("web:sighting_triage"):
        return redirect(place_before(place_of_correction(row, by)))
    return back(request, "next", reverse("web:plate_corrections"))


@require_safe
@cache_control(private=True)
def log(request: HttpRequest) -> HttpResponse:
    """Who corrected what and when, the newest first."""
    page = read_page(request, shown_corrections(request.user), "at", PAGE_SIZE)
    return render(request, "web/pages/corrections.html", {"page": page, "rows": undoables(page.rows, request.user)})
