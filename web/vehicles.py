"""The vehicles of a visit with all that their panels show: crop of the plate, what else it could be, readings."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Count, F, QuerySet, Window
from django.db.models.functions import RowNumber

from accounts.models import Person
from cameras.models import Visit
from plates.corrections import state_of
from plates.models import Plate, PlateReading, Sighting
from plates.readings import candidates
from web.crops import Crop, crop
from web.drawing import percent
from web.told import told_of
from web.vehicle_states import UNSETTLED, VehicleState, vehicle_state

MOST_VEHICLES = 24
MOST_READINGS = 12
"""Of a vehicle, the surest; the others are on their pictures."""
MOST_SUGGESTIONS = 5


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A text that a vehicle could have, and why."""

    text: str
    why: str
    plate: int | None = None


@dataclass(frozen=True, slots=True)
class ReadingRow:
    """One reading with what else its reader considered."""

    reading: PlateReading
    others: list[Suggestion]
    best: bool


@dataclass(slots=True)
class Vehicle:
    """One vehicle of a visit."""

    sighting: Sighting
    state: VehicleState
    suggestions: list[Suggestion]
    crop: Crop | None = None
    readings: list[ReadingRow] = field(default_factory=list)
    more_readings: int = 0
    told: str = ""
    """Its colour, make, model and type, where Plate Recognizer told any of them."""

    @property
    def text(self) -> str:
        """The plate's text, else what was read; empty where nothing was."""
        return self.sighting.plate.text if self.sighting.plate else self.sighting.text

    @property
    def shown(self) -> str:
        """What a form tells of it, so that nothing is corrected that was settled meanwhile."""
        return state_of(self.sighting)

    @property
    def is_open(self) -> bool:
        """Whether it waits for a person to say what it is."""
        return self.sighting.status in UNSETTLED and bool(self.sighting.text)

    @property
    def sure(self) -> bool:
        """Whether its text can be shown as a plate."""
        return bool(self.text) and self.sighting.status not in UNSETTLED


def vehicles(visit: Visit, user: Person, shown: Collection[int]) -> list[Vehicle]:
    """The first vehicles of a visit; `shown` are its pictures that this person may see."""
    rows = visit.sightings.annotate(of=Window(Count("pk"))).select_related("plate", "best_image").order_by("at", "pk")
    return of_sightings(list(rows[:MOST_VEHICLES]), user, shown)


def left_out(shown: Sequence[Vehicle]) -> int:
    """How many vehicles of a visit are beyond those that its page has room for."""
    return max(getattr(shown[0].sighting, "of", 0) - MOST_VEHICLES, 0) if shown else 0


def of_sightings(rows: Sequence[Sighting], user: Person, shown: Collection[int] = ()) -> list[Vehicle]:
    """Vehicles with their readings; without those of which this person may see no picture. At most three queries."""
    readings = best_readings(PlateReading.objects.visible_to(user).filter(sighting__in=[row.pk for row in rows]))
    plates = nameable({int(one["plate"]) for row in rows for one in row.matches}, user)
    seen = (row for row in rows if row.pk in readings or row.best_image_id is None or row.best_image_id in shown)
    told = told_of(readings)
    return [vehicle(row, readings.get(row.pk, []), plates, told.get(row.pk, "")) for row in seen]


def nameable(plates: Collection[int], user: Person) -> Collection[int]:
    """Those of some plates that are still there, and of which this person may know."""
    if not plates:
        return plates
    return set(Plate.objects.visible_to(user).filter(pk__in=plates).values_list("pk", flat=True))


def best_readings(rows: QuerySet[PlateReading]) -> dict[int, list[PlateReading]]:
    """The surest readings of each vehicle, in the order of time, by its number; `of` counts all that it has."""
    ranked = rows.annotate(
        rank=Window(RowNumber(), partition_by=F("sighting"), order_by=[F("confidence").desc(), F("pk")]),
        of=Window(Count("pk"), partition_by=F("sighting")),
    ).filter(rank__lte=MOST_READINGS)
    found: dict[int, list[PlateReading]] = {}
    for one in ranked.select_related("image__camera__node", "corrected_by").order_by("at", "pk"):
        found.setdefault(one.sighting_id or 0, []).append(one)
    return found


def vehicle(row: Sighting, readings: list[PlateReading], plates: Collection[int], told: str) -> Vehicle:
    """One vehicle, made from rows that were read; `plates` are those that may be named."""
    best = best_of(row, readings)
    count: int = getattr(readings[0], "of", len(readings)) if readings else 0
    return Vehicle(
        sighting=row,
        state=vehicle_state(row),
        suggestions=suggestions(row, plates),
        crop=crop(best) if best else None,
        readings=[ReadingRow(one, others(one), one == best) for one in readings],
        more_readings=count - len(readings),
        told=told,
    )


def best_of(row: Sighting, readings: Iterable[PlateReading]) -> PlateReading | None:
    """The reading that shows the plate best: that of the best picture, else the surest."""
    return max(readings, key=lambda one: (one.image_id == row.best_image_id, one.confidence), default=None)


def suggestions(row: Sighting, plates: Collection[int]) -> list[Suggestion]:
    """What a vehicle could be: plates that are like its text, nearest first, then what else its readings considered."""
    like = [
        Suggestion(str(one["text"]), f"a plate, {distance_in_words(float(one['cost']))}", int(one["plate"]))
        for one in row.matches
        if int(one["plate"]) in plates and one["plate"] != row.plate_id
    ]
    texts = {one.text for one in like} | {row.text, row.plate.text if row.plate else ""}
    read = [Suggestion(text, f"also read, {percent(share)}") for text, share in candidates_of(row) if text not in texts]
    return [*like, *read][:MOST_SUGGESTIONS]


def candidates_of(row: Sighting) -> list[tuple[str, float]]:
    """The other texts of a vehicle with their confidences."""
    return [(str(one["text"]), float(one["confidence"])) for one in row.candidates]


def others(reading: PlateReading) -> list[Suggestion]:
    """What else a reader considered, with its confidence."""
    return [Suggestion(text, percent(share)) for text, share in candidates(reading) if text != reading.text]


def distance_in_words(cost: float) -> str:
    """How far a text is from a plate's: 0 is the same, 1 one other character."""
    return "the same" if cost == 0 else f"{round(cost, 2):g} away"
