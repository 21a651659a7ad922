"""What Plate Recognizer told of vehicles beside their plates, where it was asked for that."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from cloud.models import CallStatus, CloudCall
from plates.models import PlateReading
from plates.readers.base import CLOUD_READER
from plates.readings import own_text

LOOKS = ("colour", "make", "model", "type")


def told_of(readings: Mapping[int, Sequence[PlateReading]]) -> dict[int, str]:
    """Colour, make, model and type of vehicles, by the numbers of those of which any was told.

    `readings` are each vehicle's. One query where the service read any of them, else none.
    """
    paid = {number: best for number, rows in readings.items() if (best := surest(rows))}
    if not paid:
        return {}
    calls = CloudCall.objects.filter(image__in={one.image_id for one in paid.values()}, status=CallStatus.ANSWERED)
    newest = dict(calls.order_by("pk").values_list("image", "vehicles"))
    said = {number: in_words(newest.get(one.image_id), own_text(one)) for number, one in paid.items()}
    return {number: words for number, words in said.items() if words}


def surest(readings: Iterable[PlateReading]) -> PlateReading | None:
    """The service's reading of which it is most sure."""
    paid = (one for one in readings if one.reader == CLOUD_READER)
    return max(paid, key=lambda one: one.confidence, default=None)


def in_words(vehicles: object, text: str) -> str:
    """What a call told of the vehicle with that plate; empty where it told nothing."""
    rows = [one for one in vehicles if isinstance(one, dict)] if isinstance(vehicles, list) else []
    one = next((row for row in rows if row.get("plate") == text), {})
    return " ".join(str(one[name]) for name in LOOKS if one.get(name))
