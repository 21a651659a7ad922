"""Detection and plate reading of files, nothing stored."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from detections.detectors.base import Detector
from detections.detectors.labels import VEHICLES
from detections.picture import Box, Picture, UnreadablePicture
from plates.looking import read_picture
from plates.readers.base import PlateReader


def inspect_file(file: str, detector: Detector, reader: PlateReader, min_score: float) -> dict[str, Any]:
    """What is found in one picture, plates as for a camera set to always; `error` where it cannot be read."""
    result: dict[str, Any] = {"file": file, "detections": [], "plates": [], "ms": {}}
    try:
        started = time.perf_counter()
        picture = Picture.read(Path(file))
        found = detector.detect(picture, min_score)
        detected = time.perf_counter()
        vehicles = [thing.box for thing in found if thing.label in VEHICLES]
        plates = read_picture(reader, picture, vehicles, "always")
    except (OSError, UnreadablePicture) as problem:
        return result | {"error": str(problem)}
    result["detections"] = [
        {"label": one.label, "score": round(one.score, 4), "box": rounded(one.box)} for one in found
    ]
    result["plates"] = [
        {"text": one.text, "confidence": round(one.confidence, 4), "box": rounded(one.box)} for one in plates
    ]
    result["ms"] = {"detect": milliseconds(started, detected), "plates": milliseconds(detected, time.perf_counter())}
    return result


def rounded(box: Box) -> list[float]:
    """A box in tenths of pixels."""
    return [round(float(edge), 1) for edge in box]


def milliseconds(start: float, end: float) -> float:
    """The time between two readings of the clock in seconds, in milliseconds."""
    return round((end - start) * 1000, 1)
