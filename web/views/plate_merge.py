"""Making two plates one."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods

from accounts.models import User
from plates.merging import merge_plates
from plates.models import Plate
from plates.searching import holding
from web.correcting import tell
from web.known_plates import plate_or_its_heir, with_similar
from web.permissions import may_correct_all

MOST_FOUND = 12


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True)
def merge(request: HttpRequest, plate_id: int) -> HttpResponse:
    """Ask which plate this one really is, for those who may correct all; what was misread is taught with it."""
    row = plate_or_its_heir(plate_id, request.user)
    if not isinstance(request.user, User) or not may_correct_all(request.user):
        raise PermissionDenied
    if row.pk != plate_id:
        messages.info(request, f"That plate is part of {row.text} already.")
        return redirect("web:plate", row.pk)
    if request.method == "POST":
        return merged(request, row, request.user)
    search = request.GET.get("q", "").strip()[:64]
    held = Plate.objects.exclude(pk=row.pk).filter(holding(search)).order_by("-pk")
    found = list(held[:MOST_FOUND]) if search else []
    known, similar = with_similar([row, *found], row.text, request.user)
    context = {"known": known[0], "found": known[1:], "search": search, "similar": similar}
    return render(request, "web/pages/plate_merge.html", context)


def merged(request: HttpRequest, row: Plate, by: User) -> HttpResponse:
    """Make the plate part of the one that the form names."""
    number = request.POST.get("into", "")
    numbers = [int(number)] if number.isdecimal() and len(number) < 19 else []
    into = get_object_or_404(Plate.objects.visible_to(by), pk__in=numbers)
    try:
        tell(request, merge_plates(row, into, by))
    except ValidationError as problem:
        messages.error(request, problem.messages[0])
        return redirect("web:plate_merge", row.pk)
    return redirect("web:plate", into.pk)
