"""What a visit's pictures show, as the sightings that they make: computed, not stored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from cameras.models import Image, RunStatus, Visit
from detections.detectors.labels import VEHICLES
from detections.models import Detection
from plates import consensus
from plates.matching import Match, match, said
from plates.models import PlateReading, RecognitionRun, SightingStatus
from plates.pictures import plate_worth, vehicle_worth
from plates.policy import CLOUD_ALONE
from plates.readings import Seen, seen
from plates.tracks import Track, tracks


@dataclass(slots=True)
class Draft:
    """A vehicle of a visit."""

    text: str
    confidence: float
    candidates: tuple[tuple[str, float], ...]
    best_image_id: int
    at: datetime
    label: str
    match: Match
    readings: Sequence[Seen] = ()


@dataclass(slots=True)
class Scene:
    """All that was found and read on the pictures of a visit."""

    visit_id: int
    images: dict[int, Image]
    vehicles: dict[int, list[Detection]]
    """By image; only of those on which plates were looked for."""
    readings: list[Seen]


def scene(visit: Visit) -> Scene:
    """What is stored of a visit's pictures, in three queries."""
    images = {image.pk: image for image in visit.images.order_by("received_at", "pk")}
    here = Q(status__in=(RunStatus.DONE, RunStatus.EMPTY))
    elsewhere = Q(status=RunStatus.SKIPPED, reason=CLOUD_ALONE)
    looked = RecognitionRun.objects.filter(here | elsewhere, image__visit=visit)
    found = Detection.objects.things().filter(image__in=looked.values("image"), label__in=VEHICLES)
    vehicles: dict[int, list[Detection]] = {}
    for one in found:
        vehicles.setdefault(one.image_id, []).append(one)
    rows = PlateReading.objects.filter(image__visit=visit).order_by("at", "pk")
    return Scene(visit.pk, images, vehicles, [seen(row) for row in rows])


def drafts(shown: Scene, least: float) -> list[Draft]:
    """The vehicles of a visit, first seen first: those with a text, and those of which none could be read.

    What people said is no plate makes no vehicle. `least` is the confidence from which a text may be a new plate.
    """
    with_text = [draft(track, shown, least) for track in tracks(one for one in shown.readings if one.text)]
    real = [one for one in with_text if one.match.is_plate]
    return sorted([*real, *without_text(shown, len(real))], key=lambda one: one.at)


def draft(track: Track, shown: Scene, least: float) -> Draft:
    """The vehicle that some readings are of."""
    merged = consensus.merge(track)
    same = [one for one in track if one.seen == merged.text] or track
    best = max(same, key=lambda one: plate_worth(one.box, one.confidence))
    if merged.said:
        found = said(merged.text)
    else:
        found = match(merged.text, merged.confidence, merged.candidates, least, shown.visit_id)
    return Draft(
        text=merged.text,
        confidence=merged.confidence,
        candidates=merged.candidates,
        best_image_id=best.image_id,
        at=track[0].at,
        label=label(track, shown),
        match=found,
        readings=track,
    )


def label(track: Track, shown: Scene) -> str:
    """What kind of vehicle most surely has the plate in its box; empty where none was found around it."""
    votes: Counter[str] = Counter()
    for one in track:
        x, y = (one.box[0] + one.box[2]) / 2, (one.box[1] + one.box[3]) / 2
        for vehicle in shown.vehicles.get(one.image_id, ()):
            if vehicle.x1 <= x <= vehicle.x2 and vehicle.y1 <= y <= vehicle.y2:
                votes[vehicle.label] += vehicle.confidence  # type: ignore[assignment]  # any numbers add up
    return max(votes, key=lambda name: (votes[name], name), default="")


def without_text(shown: Scene, known: int) -> Iterable[Draft]:
    """The vehicles beyond those with a text: as many as one picture shows more of.

    Vehicles that came one after the other cannot be told from one that moved, so that fewer are counted rather than
    too many.
    """
    most = max(map(len, shown.vehicles.values()), default=0)
    if most <= known:
        return
    at = min(shown.images[number].received_at for number in shown.vehicles)
    worth = {
        number: sorted(((vehicle_worth(one, shown.images[number]), one.label) for one in found), reverse=True)
        for number, found in shown.vehicles.items()
    }
    for rank in range(known, most):
        ranked = {number: found[rank] for number, found in worth.items() if len(found) > rank}
        best = max(ranked, key=lambda number: ranked[number])
        yield Draft("", 0.0, (), best, at, ranked[best][1], Match(SightingStatus.UNKNOWN))
