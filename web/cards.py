"""What the gallery shows of an image, made from rows that were already read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils import timezone

from cameras.models import Image
from detections.grouping import counts
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
class Card:
    """One image of the gallery."""

    image: Image
    day: date
    description: str
    outlines: list[Outline]
    chips: list[Chip]
    plates: list[str]
    notes: list[State]


def for_cards(images: QuerySet[Image]) -> QuerySet[Image]:
    """Read all that cards need in a fixed number of queries."""
    rows = images.select_related("camera__node", "detection_run", "recognition_run")
    return rows.prefetch_related("detections", "plate_readings")


def card(image: Image) -> Card:
    """The card of an image read by `for_cards`."""
    found, readings = image.detections.all(), image.plate_readings.all()
    counted = counts(found)
    chips = [Chip(label, count, kind_of(label)) for label, count in counted.items()]
    best_first = sorted(readings, key=lambda one: -one.confidence)
    plates = list(dict.fromkeys(one.text for one in best_first if one.text))[:MOST_PLATES]
    local = timezone.localtime(image.received_at)
    parts = [*counted, *(f"plate {text}" for text in plates)]
    description = f"{image.camera}, {local:%d %B %Y %H:%M:%S}" + (f": {', '.join(parts)}" if parts else "")
    return Card(image, local.date(), description, outlines(image, found, readings), chips, plates, notes(image))
