"""What visits show: their best pictures, what was found in them and which plates were read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db.models import Count, F, FloatField, Max, OuterRef, QuerySet, Subquery, Value, Window
from django.db.models.functions import Coalesce, RowNumber

from accounts.models import Person
from cameras.models import Camera, Image, Visit
from detections.models import Detection
from plates.models import PlateReading, Sighting, SightingStatus
from web.cards import Card, Chip, PlateChip, card, for_grid
from web.drawing import kind_of

MOST_PICTURES = 4
MOST_LABELS = 8


@dataclass(slots=True)
class Pass:
    """One visit with everything that its row shows; `unknown` counts vehicles whose plate is in doubt."""

    visit: Visit
    cards: list[Card] = field(default_factory=list)
    pictures: int = 0
    chips: list[Chip] = field(default_factory=list)
    plates: list[PlateChip] = field(default_factory=list)
    unknown: int = 0

    @property
    def lasted(self) -> str:
        """How long it took, as people say it."""
        return duration(self.visit.ended_at - self.visit.started_at)


def passes(visits: Sequence[Visit], user: Person) -> list[Pass]:
    """The rows of these visits, in a fixed number of queries."""
    rows = {visit.pk: Pass(visit) for visit in visits}
    # By the cameras' numbers, so that the visits' index is what a database begins with.
    cameras = Camera.objects.visible_to(user).order_by().values("pk")
    images = Image.objects.filter(visit__in=rows, camera__in=cameras)
    for image in best_pictures(images):
        row = rows[image.visit_id or 0]
        row.pictures = image.in_visit  # type: ignore[attr-defined]  # counted by `best_pictures`
        row.cards.append(card(image))
    found = Detection.objects.things().filter(image__visit__in=rows, image__camera__in=cameras).order_by()
    counted = found.values("image__visit", "label").annotate(count=Count("image", distinct=True))
    for one in counted.order_by("-count", "label"):
        chips = rows[one["image__visit"]].chips
        if len(chips) < MOST_LABELS:
            chips.append(Chip(one["label"], one["count"], kind_of(one["label"])))
    for visit_id, chip in plates_of(visits, cameras):
        if chip:
            rows[visit_id].plates.append(chip)
        else:
            rows[visit_id].unknown += 1
    return list(rows.values())


def plates_of(visits: Sequence[Visit], cameras: QuerySet[Camera, Any]) -> Iterable[tuple[int, PlateChip | None]]:
    """The plates of visits, the surest first; None for a vehicle whose text is none to rely on.

    Of a visit that was never merged, what was read on its pictures.
    """
    merged = [visit.pk for visit in visits if visit.merged_at]
    seen = Sighting.objects.filter(visit__in=merged, visit__camera__in=cameras).exclude(text="", plate=None)
    texts = seen.annotate(of=Coalesce("plate__text", "text")).order_by("-confidence", "pk")
    for visit, text, plate, status in texts.values_list("visit", "of", "plate", "status"):
        known = status != SightingStatus.UNKNOWN
        yield visit, PlateChip(text, status != SightingStatus.AMBIGUOUS, plate) if known else None
    single = [visit.pk for visit in visits if not visit.merged_at]
    read = PlateReading.objects.filter(image__visit__in=single, image__camera__in=cameras).exclude(text="").order_by()
    best_first = read.values_list("image__visit", "text", "plate").annotate(best=Max("confidence")).order_by("-best")
    yield from ((visit, PlateChip(text, plate is not None, plate)) for visit, text, plate, _ in best_first if visit)


def best_pictures(images: QuerySet[Image]) -> Iterable[Image]:
    """Of every visit the pictures with the surest detections, in the order of time; `in_visit` counts all it has."""
    detections = Detection.objects.filter(image=OuterRef("pk")).order_by("-confidence").values("confidence")[:1]
    surest = Coalesce(Subquery(detections), Value(0.0), output_field=FloatField())
    ranked = images.annotate(
        rank=Window(RowNumber(), partition_by=F("visit"), order_by=[surest.desc(), F("received_at"), F("pk")]),
        in_visit=Window(Count("pk"), partition_by=F("visit")),
    )
    return for_grid(ranked.filter(rank__lte=MOST_PICTURES)).order_by("received_at", "pk")


def duration(lasted: timedelta) -> str:
    """Seconds, minutes or hours: `3 s`, `4 min 5 s`, `2 h 5 min`; a moment where it was less than a second."""
    seconds = round(lasted.total_seconds())
    if seconds < 1:
        return "a moment"
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    parts = [(hours, "h"), (minutes, "min"), (seconds, "s")]
    said = [f"{count} {unit}" for count, unit in parts if count]
    return " ".join(said[:2])
