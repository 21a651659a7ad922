"""What the gallery shows of an image, made from rows that were already read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from cameras.models import Image
from detections.grouping import counts
from plates.models import PlateReading, SightingStatus
from web.drawing import Outline, kind_of, outlines
from web.states import State, notes

MOST_PLATES = 3


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


def for_cards(images: QuerySet[Image]) -> QuerySet[Image]:
    """Read all that cards need in a fixed number of queries."""
    rows = images.select_related("camera__node", "visit", "detection_run", "recognition_run")
    return rows.prefetch_related(
        "detections", Prefetch("plate_readings", PlateReading.objects.select_related("plate", "sighting"))
    )


def card(image: Image) -> Card:
    """The card of an image read by `for_cards`."""
    found, readings = image.detections.all(), image.plate_readings.all()
    counted = counts(found)
    chips = [Chip(label, count, kind_of(label)) for label, count in counted.items()]
    plates = plate_chips(image, readings)[:MOST_PLATES]
    local = timezone.localtime(image.received_at)
    parts = [*counted, *(f"{'' if one.sure else 'perhaps '}plate {one.text}" for one in plates)]
    description = f"{image.camera}, {local:%d %B %Y %H:%M:%S}" + (f": {', '.join(parts)}" if parts else "")
    return Card(image, local.date(), description, outlines(image, found, readings), chips, plates, notes(image))


def plate_chips(image: Image, readings: Iterable[PlateReading]) -> list[PlateChip]:
    """The plates of an image, the surest first, each once: of the vehicles that its readings belong to.

    A reading of no vehicle, once its visit was looked at, is one of which people said that it is no plate.
    """
    merged = image.visit is not None and image.visit.merged_at is not None and not image.visit.stale
    found: dict[str, PlateChip] = {}
    for one in sorted(readings, key=lambda one: -one.confidence):
        chip = plate_chip(one)
        if chip and not (merged and one.sighting is None and one.plate is None):
            found.setdefault(chip.text, chip)
    return sorted(found.values(), key=lambda one: not one.sure)


def plate_chip(reading: PlateReading) -> PlateChip | None:
    """The plate of a reading as far as it is known; None where it is none."""
    if reading.plate:
        return PlateChip(reading.plate.text, True, reading.plate.pk)
    text = reading.sighting.text if reading.sighting else reading.text
    sure = reading.sighting is not None and reading.sighting.status == SightingStatus.NEW
    return PlateChip(text, sure) if text else None
