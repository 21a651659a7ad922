"""One visit: its pictures, the vehicles that they show, and what was done to find out."""

from __future__ import annotations

from django.db.models import OuterRef, Prefetch, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from accounts.models import Person
from cameras.models import Image, Visit
from plates.models import PlateReading
from web.cards import card, for_cards
from web.correcting import last_correction
from web.passes import duration
from web.permissions import may_correct, may_correct_all
from web.vehicles import left_out, vehicles
from web.views.image import detection_rows, reading_rows, stages
from web.visit_pictures import Strip, asked_picture, strip


@require_safe
@cache_control(private=True)
def visit(request: HttpRequest, visit_id: int) -> HttpResponse:
    """The page of one visit; 404 also where this person may not see its camera."""
    visible = Visit.objects.visible_to(request.user)
    with_all = visible.select_related("camera__node").annotate(**neighbours(visible))
    row = get_object_or_404(with_all, pk=visit_id)
    images = pictures(row, request.user)
    asked = asked_picture(request, images)
    found = vehicles(row, request.user, {one.pk for one in images})
    context = {
        "visit": row,
        "lasted": duration(row.ended_at - row.started_at),
        "pictures": len(images),
        "vehicles": found,
        "more_vehicles": left_out(found),
        "may_correct": may_correct(request.user),
        "may_correct_all": may_correct_all(request.user),
        "last": last_correction(request.user),
    }
    if images:
        context |= viewer(strip(images, [asked, *(one.sighting.best_image_id for one in found)]))
    return render(request, "web/pages/visit.html", context)


def neighbours(visits: QuerySet[Visit]) -> dict[str, Subquery]:
    """The numbers of the visits of the same camera before and after a row, by the index of camera and time."""
    at, number = OuterRef("started_at"), OuterRef("pk")
    of_camera = visits.filter(camera=OuterRef("camera")).order_by()
    # The outer comparison repeats what the inner one implies: it gives databases a range on the index.
    older = of_camera.filter(Q(started_at__lt=at) | Q(pk__lt=number), started_at__lte=at)
    newer = of_camera.filter(Q(started_at__gt=at) | Q(pk__gt=number), started_at__gte=at)
    return {
        "older": Subquery(older.order_by("-started_at", "-pk").values("pk")[:1]),
        "newer": Subquery(newer.order_by("started_at", "pk").values("pk")[:1]),
    }


def pictures(row: Visit, user: Person) -> list[Image]:
    """What the strip needs of a visit's pictures, in the order of time; VISIT_MOST_MINUTES bounds them."""
    images = Image.objects.visible_to(user).filter(visit=row).order_by("received_at", "pk")
    return list(images.only("received_at", "width", "height"))


def viewer(shown: Strip) -> dict[str, object]:
    """The chosen picture, large, with its run facts and its place among the others."""
    readings = Prefetch("plate_readings", PlateReading.objects.select_related("plate", "sighting", "corrected_by"))
    rows = for_cards(Image.objects.filter(pk=shown.chosen)).select_related("cloud_run").prefetch_related(None)
    picture = rows.prefetch_related("detections", readings).get()
    return {
        "image": picture,
        "card": card(picture),
        "detections": detection_rows(picture),
        "readings": reading_rows(picture),
        "stages": stages(picture),
        "strip": shown,
    }
