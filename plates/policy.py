"""The only condition for reading number plates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cameras.models import PlateMode, RunStatus
from detections.detectors.labels import VEHICLES
from detections.picture import Box
from plates.looking import Whole

CLOUD_ALONE = "plates of this camera are read by Plate Recognizer alone"


@dataclass(frozen=True, slots=True)
class Wish:
    """What to look at: boxes of vehicles, and when to look at the whole picture. A reason means: nothing, and why."""

    boxes: tuple[Box, ...] = ()
    whole: Whole = "never"
    reason: str = ""


def wants_reading(mode: str, detection: str, objects: list[tuple[str, Box]], labels: Sequence[str] = ()) -> Wish:
    """What the camera's mode asks for.

    Given how detection ended (a `RunStatus`), what it found (label, box), and the labels it looks for (none: all).
    """
    boxes = tuple(box for label, box in objects if label in VEHICLES)
    if mode == PlateMode.ALWAYS:
        return Wish(boxes, "always")
    reason = ""
    if mode == PlateMode.OFF:
        reason = "plates are not read on this camera"
    elif detection == RunStatus.SKIPPED:
        reason = "objects are not looked for on this camera"
    elif detection == RunStatus.FAILED:
        reason = "object detection failed"
    elif labels and not VEHICLES & set(labels):
        reason = "no vehicle is among the objects that are looked for on this camera"
    elif not boxes:
        reason = "no vehicle found"
    return Wish(reason=reason) if reason else Wish(boxes, "if_empty")
