"""What the service's JSON means. Nothing in it is trusted: not a type, a number, a length."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cloud.values import Malformed, clean, is_number, loaded, share
from detections.picture import Box
from plates.readers.base import Candidate, FoundPlate
from plates.text import normalise

MOST_PLATES = 8
MOST_CANDIDATES = 10
MOST_CHARACTERS = 16


@dataclass(frozen=True, slots=True)
class Answer:
    """The plates of one picture, best first, with what is known of each one's vehicle, and what the service says."""

    plates: list[FoundPlate]
    vehicles: list[dict[str, Any]]
    """In the order of `plates`, as far as told: `plate`, `region`, `type`, `make`, `model`, `colour`, `orientation`."""
    version: str
    service_ms: float | None


def parse(text: str, width: int, height: int) -> Answer:
    """The answer about a picture of that size in pixels; raises `Malformed`."""
    told = loaded(text)
    results = told.get("results")
    if not isinstance(results, list):
        raise Malformed("there is no list of results in its answer")
    found = []
    for number, one in enumerate(results[: 4 * MOST_PLATES]):
        if not isinstance(one, dict):
            raise Malformed(f"result {number} of its answer is no object")
        plate = _plate(one, number, width, height)
        if plate:
            found.append((plate, _vehicle(one, plate.text)))
    best = sorted(found, key=lambda pair: -pair[0].confidence)[:MOST_PLATES]
    took, version = told.get("processing_time"), told.get("version")
    return Answer(
        [plate for plate, _ in best],
        [vehicle for _, vehicle in best],
        str(version)[:16] if isinstance(version, int | str) and not isinstance(version, bool) else "",
        float(took) if is_number(took) and 0 <= took < 1e9 else None,
    )


def _plate(one: dict[str, Any], number: int, width: int, height: int) -> FoundPlate | None:
    """A result as a reading; None for a vehicle without a plate or one whose text has no letter and no digit."""
    raw, score = one.get("plate"), one.get("score")
    if raw is None:
        return None
    if not isinstance(raw, str) or not is_number(score):
        raise Malformed(f"result {number} of its answer has no plate with a score")
    text = normalise(raw)[:MOST_CHARACTERS]
    others = _candidates(one.get("candidates"), text)
    confidence = share(score)
    candidates = (Candidate(text, confidence), *others)
    box = _box(one.get("box"), number, width, height)
    return FoundPlate(text, clean(raw, 32), confidence, box, candidates) if text else None


def _candidates(listed: object, text: str) -> list[Candidate]:
    """The other texts, each once, best first; those that cannot be used are left out."""
    found: dict[str, float] = {}
    for one in listed[: 4 * MOST_CANDIDATES] if isinstance(listed, list) else []:
        raw, score = (one.get("plate"), one.get("score")) if isinstance(one, dict) else (None, None)
        other = normalise(raw)[:MOST_CHARACTERS] if isinstance(raw, str) else ""
        if other and other != text and is_number(score):
            found[other] = max(found.get(other, 0.0), share(score))
    best = sorted(found.items(), key=lambda pair: -pair[1])
    return [Candidate(other, score) for other, score in best[: MOST_CANDIDATES - 1]]


def _box(told: object, number: int, width: int, height: int) -> Box:
    """Left, top, right, bottom inside the picture."""
    named = [told.get(name) for name in ("xmin", "ymin", "xmax", "ymax")] if isinstance(told, dict) else []
    edges = [float(edge) for edge in named if is_number(edge)]
    if len(edges) != 4:
        raise Malformed(f"result {number} of its answer has no box")
    (x1, x2), (y1, y2) = sorted(edges[::2]), sorted(edges[1::2])
    return min(max(x1, 0), width), min(max(y1, 0), height), min(max(x2, 0), width), min(max(y2, 0), height)


def _vehicle(one: dict[str, Any], plate: str) -> dict[str, Any]:
    """What is told of a plate's vehicle, of each the best; nothing that could not be found out."""
    vehicle, region = one.get("vehicle"), one.get("region")
    said = {
        "plate": plate,
        "region": _word(region, "code"),
        "type": _word(vehicle, "type") if isinstance(vehicle, dict) and share(vehicle.get("score")) else "",
        "make": _word(_best(one.get("model_make")), "make"),
        "model": _word(_best(one.get("model_make")), "model"),
        "colour": _word(_best(one.get("color")), "color"),
        "orientation": _word(_best(one.get("orientation")), "orientation"),
    }
    return {name: value for name, value in said.items() if value and value.lower() != "unknown"}


def _best(listed: object) -> object:
    rows = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    return max(rows, key=lambda one: share(one.get("score")), default=None)


def _word(told: object, name: str) -> str:
    value = told.get(name) if isinstance(told, dict) else None
    return clean(value, 64) if isinstance(value, str) else ""
