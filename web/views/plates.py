"""Number plates: the list, and the page of one with its visits."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from plates.models import Plate, PlateList, Sighting
from plates.searching import holding
from web.choices import Tab
from web.correcting import shown_corrections, undoables
from web.forms import PlateForm
from web.hours import hours_of
from web.keyset import read_page
from web.known_plates import known_plates, plate_or_its_heir, with_similar
from web.latest import sees_all
from web.permissions import may_correct, may_correct_all
from web.triage import in_figures, left
from web.vehicle_states import vehicle_state

PAGE_SIZE = 30
VISITS = 24
MOST_CORRECTIONS = 10
MOST_ALIASES = 40
UNKNOWN = "unknown"
"""How an address names the plates that nobody has put on a list."""


@require_safe
@cache_control(private=True)
def plates(request: HttpRequest) -> HttpResponse:
    """Plates, the latest newcomer first; searched by text or notes, filtered by list."""
    search, wanted = request.GET.get("q", "").strip()[:64], request.GET.get("list", "")
    asked = holding(search) & (Q(list=asked_list(wanted)) if wanted else Q())
    found = Plate.objects.filter(asked).visible_to(request.user)  # last, since that costs most
    page = read_page(request, found, "", PAGE_SIZE)
    waiting = left(request.user)
    known, similar = with_similar(page.rows, search, request.user)
    context = {
        "page": page,
        "plates": known,
        "similar": similar,
        "tabs": tabs(wanted, search),
        "list": wanted,
        "search": search,
        "filtered": bool(wanted or search),
        "may_correct": may_correct(request.user),
        "waiting": in_figures(waiting) if waiting else "",
    }
    return render(request, "web/pages/plates.html", context)


def asked_list(wanted: str) -> str:
    """The list of that name; 404 where there is none."""
    if wanted == UNKNOWN:
        return PlateList.NONE
    if wanted not in PlateList.values:
        raise Http404("no such list")
    return wanted


def tabs(here: str, search: str) -> list[Tab]:
    """All plates, and those of each list, with the search kept."""
    names = {"": "All", "known": "Known", "watch": "Watch", "ignore": "Ignore", UNKNOWN: "On no list"}
    asked = {"q": search} if search else {}
    addresses = {name: urlencode(asked | ({"list": name} if name else {})) for name in names}
    path = reverse("web:plates")
    return [
        Tab(f"{path}?{addresses[name]}" if addresses[name] else path, text, current=name == here)
        for name, text in names.items()
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True)
def plate(request: HttpRequest, plate_id: int) -> HttpResponse:
    """One plate with its visits; who may change plates gets a form. One that was merged leads to what it is part of."""
    row = plate_or_its_heir(plate_id, request.user)
    if row.pk != plate_id:
        return redirect("web:plate", row.pk)
    may_change = request.user.has_perm("plates.change_plate")
    if request.method == "POST" and not may_change:
        raise PermissionDenied
    form = PlateForm(request.POST or None, instance=row) if may_change else None
    if form and request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, f"{row.text} is saved.")
        return redirect("web:plate", row.pk)
    return render(request, "web/pages/plate.html", {"form": form, **shown(request, row)})


def shown(request: HttpRequest, row: Plate) -> dict[str, object]:
    """What the page of a plate shows beside the form."""
    seen = Sighting.objects.visible_to(request.user).filter(plate=row)
    page = read_page(request, seen.select_related("visit__camera__node", "best_image"), "at", VISITS)
    every = sees_all(request.user)
    taught = row.aliases.select_related("created_by").order_by("-created_at", "-pk") if every else row.aliases.none()
    corrections = shown_corrections(request.user).filter(plate=row)[:MOST_CORRECTIONS]
    return {
        "known": known_plates([row], request.user, pictures=False)[0],
        "page": page,
        "visits": [(one, vehicle_state(one)) for one in page.rows],
        "hours": hours_of(seen),
        "aliases": taught[:MOST_ALIASES],
        "corrections": undoables(corrections, request.user),
        "may_merge": may_correct_all(request.user),
    }
