"""One picture with everything that is known of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from cameras.models import Image, PlateSource, RunStatus, StageRun
from detections.grouping import things
from plates.models import PlateReading
from web.addresses import address_of
from web.cards import PlateChip, card, for_cards, shown_readings
from web.drawing import kind_of, percent
from web.keyset import beside
from web.paging import Cursor
from web.permissions import may_change_pictures, may_correct, may_delete_pictures
from web.states import State, cloud_state, detection_state, recognition_state
from web.vehicles import Suggestion, others


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table of objects."""

    text: str
    kind: str
    score: str
    box: str
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlateRow:
    """A reading, what else it could be, and the plate that it shows; None where it shows none."""

    reading: PlateReading
    score: str
    box: str
    others: list[Suggestion]
    chip: PlateChip | None


@dataclass(frozen=True, slots=True)
class Stage:
    """What a stage did with the picture."""

    name: str
    state: State
    run: StageRun | None


@require_safe
@cache_control(private=True)
def image(request: HttpRequest, image_id: int) -> HttpResponse:
    """The page of one picture; 404 also where this person may not see its camera."""
    visible = Image.objects.visible_to(request.user)
    readings = Prefetch("plate_readings", PlateReading.objects.select_related("plate", "sighting", "corrected_by"))
    rows = for_cards(visible).select_related("cloud_run", "file_fault").prefetch_related(None)
    rows = rows.prefetch_related("detections", readings)
    picture = get_object_or_404(rows, pk=image_id)
    of_camera, here = visible.filter(camera_id=picture.camera_id), Cursor.of(picture)
    older, newer = (beside(of_camera, "received_at", here, side)[:1] for side in ("lt", "gt"))
    neighbours = [next(iter(rows.values_list("pk", flat=True)), None) for rows in (older, newer)]
    beyond = next((one for one in neighbours if one), None)
    context = {
        "image": picture,
        "card": card(picture),
        "when": date_format(timezone.localtime(picture.received_at), "l j F Y, H:i:s"),
        "older": neighbours[0],
        "newer": neighbours[1],
        "neighbour": address_of("image", beyond) if beyond else reverse("web:gallery"),
        "may_change": may_change_pictures(request.user),
        "may_delete": may_delete_pictures(request.user),
        "day_url": f"{reverse('web:gallery')}?camera={picture.camera_id}&day={timezone.localdate(picture.received_at)}",
        "detections": detection_rows(picture),
        "readings": reading_rows(picture),
        "stages": stages(picture),
        "may_correct": may_correct(request.user),
    }
    return render(request, "web/image.html", context)


def detection_rows(picture: Image) -> list[Row]:
    """The objects, best first, each with what else it could be."""
    return [
        Row(
            one.best.label,
            kind_of(one.best.label),
            percent(one.best.confidence),
            box_text(one.best.box),
            tuple(f"or {label}" for label in one.also),
        )
        for one in things(picture.detections.all())
    ]


def reading_rows(picture: Image) -> list[PlateRow]:
    """The readings, best first, and last what people said is no plate."""
    readings = picture.plate_readings.all()
    chips = {one.pk: chip for one, chip in shown_readings(picture, readings)}
    best_first = sorted(readings, key=lambda one: (one.pk not in chips, -one.confidence))
    return [
        PlateRow(one, percent(one.confidence), box_text(one.box), others(one), chips.get(one.pk)) for one in best_first
    ]


def stages(picture: Image) -> list[Stage]:
    """The stages in the order in which they run; Plate Recognizer where the camera or the picture has to do with it."""
    found = [
        Stage("Objects", detection_state(picture), getattr(picture, "detection_run", None)),
        Stage("Number plates", recognition_state(picture), getattr(picture, "recognition_run", None)),
    ]
    sent: StageRun | None = getattr(picture, "cloud_run", None)
    if picture.camera.plate_source != PlateSource.LOCAL or (sent and sent.status != RunStatus.SKIPPED):
        found.append(Stage("Plate Recognizer", cloud_state(picture), sent))
    return found


def box_text(box: Sequence[float]) -> str:
    """Left, top, right and bottom in whole pixels."""
    x1, y1, x2, y2 = (round(edge) for edge in box)
    return f"{x1}, {y1} \N{RIGHTWARDS ARROW} {x2}, {y2}"
