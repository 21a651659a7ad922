"""One visit: its pictures, the vehicles that they show, and what was done to find out."""

from __future__ import annotations

from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from cameras.models import Image, Visit
from plates.models import PlateReading
from web.cards import card, for_cards
from web.correcting import last_correction
from web.keyset import beside
from web.paging import Cursor
from web.passes import duration
from web.permissions import may_correct, may_correct_all
from web.vehicles import vehicles
from web.views.image import detection_rows, reading_rows, stages
from web.visit_pictures import chosen_image, strip


@require_safe
@cache_control(private=True)
def visit(request: HttpRequest, visit_id: int) -> HttpResponse:
    """The page of one visit; 404 also where this person may not see its camera."""
    visible = Visit.objects.visible_to(request.user)
    row = get_object_or_404(visible.select_related("camera__node"), pk=visit_id)
    found = vehicles(row, request.user)
    images = Image.objects.visible_to(request.user).filter(visit=row)
    chosen = chosen_image(request, images, (one.sighting.best_image_id for one in found))
    of_camera, here = visible.filter(camera=row.camera_id), Cursor(row.started_at, row.pk)
    context = {
        "visit": row,
        "lasted": duration(row.ended_at - row.started_at),
        "pictures": images.count(),
        "vehicles": found,
        "older": beside(of_camera, "started_at", here, "lt").values_list("pk", flat=True).first(),
        "newer": beside(of_camera, "started_at", here, "gt").values_list("pk", flat=True).first(),
        "may_correct": may_correct(request.user),
        "may_correct_all": may_correct_all(request.user),
        "last": last_correction(request.user),
        "here": request.get_full_path(),
    }
    return render(request, "web/pages/visit.html", context | (viewer(images, chosen) if chosen else {}))


def viewer(images: QuerySet[Image], chosen: Image) -> dict[str, object]:
    """The chosen picture, large, with its run facts and its place among the others."""
    readings = Prefetch("plate_readings", PlateReading.objects.select_related("plate", "sighting", "corrected_by"))
    rows = for_cards(Image.objects.filter(pk=chosen.pk)).prefetch_related(None)
    picture = rows.prefetch_related("detections", readings).get()
    return {
        "image": picture,
        "card": card(picture),
        "detections": detection_rows(picture),
        "readings": reading_rows(picture),
        "stages": stages(picture),
        "strip": strip(images, chosen),
    }
