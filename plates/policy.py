"""The only condition for reading number plates."""

from __future__ import annotations

from dataclasses import dataclass

from cameras.models import PlateMode, RunStatus
from detections.detectors.labels import VEHICLES
from detections.picture import Box
from plates.looking import Whole


@dataclass(frozen=True, slots=True)
class Wish:
    """What to look at: boxes of vehicles, and when to look at the whole picture. A reason means: nothing, and why."""

    boxes: tuple[Box, ...] = ()
    whole: Whole = "never"
    reason: str = ""


def wants_reading(mode: str, detection: str, objects: list[tuple[str, Box]]) -> Wish:
    """What the camera's mode asks for, given how detection ended (a `RunStatus`) and what it found (label, box)."""
    boxes = tuple(box for label, box in objects if label in VEHICLES)
    if mode == PlateMode.OFF:
        return Wish(reason="plates are not read on this camera")
    if mode == PlateMode.ALWAYS:
        return Wish(boxes, "always")
    if detection == RunStatus.SKIPPED:
        return Wish(reason="objects are not looked for on this camera")
    if detection == RunStatus.FAILED:
        return Wish(reason="object detection failed")
    if not boxes:
        return Wish(reason="no vehicle found")
    return Wish(boxes, "if_empty")
