"""What the gallery shows of an image, made from rows that were already read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from django.db.models import Count, Model, OuterRef, Prefetch, QuerySet, Subquery
from django.utils import timezone
from django.utils.safestring import SafeString

from cameras.models import Camera, Image, Node, Visit
from detections.grouping import counts
from detections.models import DetectionRun
from plates.looking import SAME_PLATE, shared
from plates.models import PlateReading, RecognitionRun, SightingStatus
from web.drawing import Box, Outline, kind_of, outlines, overlay
from web.states import State, notes

MOST_PLATES = 3
RUN = {"image", "status", "reason", "queued_at", "put_off_at"}
SHOWN: dict[str, tuple[type[Model], set[str]]] = {
    "camera": (Camera, {"node", "view"}),
    "camera__node": (Node, {"name"}),
    "visit": (Visit, {"merged_at", "stale"}),
    "detection_run": (DetectionRun, RUN),
    "recognition_run": (RecognitionRun, RUN),
}
"""What cards show of what belongs to an image."""
NOT_SHOWN = ("candidates", "characters", "sighting__candidates", "sighting__matches")
"""Lists of readings that cards do not show and that take long to be read."""


@dataclass(frozen=True, slots=True)
class Chip:
    """A label and how many things of it were found."""

    label: str
    count: int
    kind: str


@dataclass(frozen=True, slots=True)
class PlateChip:
    """The text of a plate, whether it is surely that, and the plate's number where it has one."""

    text: str
    sure: bool = True
    plate: int | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """One image of the gallery."""

    image: Image
    day: date
    description: str
    outlines: list[Outline]
    chips: list[Chip]
    plates: list[PlateChip]
    notes: list[State]
    of_visit: int = 0
    """How many pictures its visit has, where the card stands for a whole visit."""

    @property
    def overlay(self) -> SafeString:
        """The outlines, to be laid over the picture."""
        return overlay(self.image, self.outlines)


def for_cards(images: QuerySet[Image]) -> QuerySet[Image]:
    """Read all that cards need in a fixed number of queries."""
    rows = images.select_related("camera__node", "visit", "detection_run", "recognition_run")
    readings = PlateReading.objects.select_related("plate", "sighting").defer(*NOT_SHOWN)
    return rows.prefetch_related("detections", Prefetch("plate_readings", readings))


def for_grid(images: QuerySet[Image]) -> QuerySet[Image]:
    """The same for grids of cards, which are nothing but looked at: without the columns that no card shows."""
    return for_cards(images).defer(*left_out())


@lru_cache
def left_out() -> list[str]:
    """The columns of what belongs to images that no card shows: some are JSON or times, which take long to be read."""
    return [
        f"{path}__{field.name}"
        for path, (model, shown) in SHOWN.items()
        for field in model._meta.concrete_fields
        if not field.primary_key and field.name not in shown
    ]


def card(image: Image) -> Card:
    """The card of an image read by `for_cards`."""
    found, readings = image.detections.all(), image.plate_readings.all()
    counted = counts(found)
    chips = [Chip(label, count, kind_of(label)) for label, count in counted.items()]
    plates_read = shown_readings(image, readings)
    plates = plate_chips(plates_read)[:MOST_PLATES]
    local = timezone.localtime(image.received_at)
    parts = [*counted, *(f"{'' if one.sure else 'perhaps '}plate {one.text}" for one in plates)]
    description = f"{image.camera}, {local:%d %B %Y %H:%M:%S}" + (f": {', '.join(parts)}" if parts else "")
    drawn = outlines(image, found, plate_boxes(plates_read))
    return Card(image, local.date(), description, drawn, chips, plates, notes(image))


def cards_of(images: Sequence[Image], *, by_visit: bool = False) -> list[Card]:
    """The cards of images read by `for_cards`; with `by_visit` by `with_visit_sizes` too."""
    made = [card(image) for image in images]
    return [replace(one, of_visit=one.image.of_visit or 0) for one in made] if by_visit else made  # type: ignore[attr-defined]


def with_visit_sizes(images: QuerySet[Image]) -> QuerySet[Image]:
    """Images with `of_visit`, how many their visit has."""
    others = Image.objects.filter(visit=OuterRef("visit")).order_by().values("visit")
    return images.annotate(of_visit=Subquery(others.annotate(n=Count("pk")).values("n")))


def shown_readings(image: Image, readings: Iterable[PlateReading]) -> list[tuple[PlateReading, PlateChip]]:
    """The readings of an image that show a plate, the surest first, with the plate of the vehicle that each belongs to.

    A reading of no vehicle, once its visit was looked at, is one of which people said that it is no plate.
    """
    merged = image.visit is not None and image.visit.merged_at is not None and not image.visit.stale
    best_first = sorted(readings, key=lambda one: -one.confidence)
    chips = [(one, plate_chip(one)) for one in best_first]
    return [(one, chip) for one, chip in chips if chip and not (merged and one.sighting is None and one.plate is None)]


def plate_chips(shown: Sequence[tuple[PlateReading, PlateChip]]) -> list[PlateChip]:
    """The plates of an image, those first that are sure, each once."""
    found: dict[str, PlateChip] = {}
    for _, chip in shown:
        found.setdefault(chip.text, chip)
    return sorted(found.values(), key=lambda one: not one.sure)


def plate_boxes(shown: Sequence[tuple[PlateReading, PlateChip]]) -> list[tuple[Box, str]]:
    """The box and text of each plate of an image, the surest first; once where two readers saw the same one."""
    found: list[tuple[Box, str]] = []
    for reading, chip in shown:
        if not any(chip.text == text and shared(reading.box, box) > SAME_PLATE for box, text in found):
            found.append((reading.box, chip.text))
    return found


def plate_chip(reading: PlateReading) -> PlateChip | None:
    """The plate of a reading as far as it is known; None where it is none."""
    if reading.plate:
        return PlateChip(reading.plate.text, True, reading.plate.pk)
    text = reading.sighting.text if reading.sighting else reading.text
    sure = reading.sighting is not None and reading.sighting.status == SightingStatus.NEW
    return PlateChip(text, sure) if text else None
