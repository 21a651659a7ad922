"""A camera's settings in words."""

from __future__ import annotations

from cameras.models import Camera, PlateMode
from web.areas import areas_text
from web.drawing import percent


def summary(camera: Camera) -> list[str]:
    """The settings that matter, in a few words each."""
    if not camera.detect:
        looked = "objects off"
    else:
        looked = ", ".join(camera.labels) if camera.labels else "all objects"
        looked += f" from {percent(camera.min_score)}"
    plates = {PlateMode.OFF: "plates off", PlateMode.VEHICLES: "plates of vehicles", PlateMode.ALWAYS: "plates always"}
    said = [looked, plates[PlateMode(camera.plates)]]
    return [*said, "not on the first page"] if not camera.display else said


def settings_of(camera: Camera) -> list[tuple[str, str]]:
    """All settings, name and value; those that are empty are left out of the list."""
    return [
        ("Place", camera.message),
        ("On the first page", yes(camera.display)),
        ("Find objects", yes(camera.detect)),
        ("Objects to keep", ", ".join(camera.labels) or "all"),
        ("Minimum score", percent(camera.min_score)),
        ("Read plates", camera.get_plates_display().lower()),
        ("Newest first", yes(camera.newest_first)),
        ("Regions of interest", areas_text(camera.rois)),
    ]


def yes(setting: bool) -> str:
    """Yes or no."""
    return "yes" if setting else "no"
