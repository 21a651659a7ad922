"""A camera's settings in words."""

from __future__ import annotations

from django.urls import reverse

import environment
from cameras.models import Camera, PlateMode, PlateSource
from cameras.visits import gap_of
from web.areas import areas_text
from web.choices import Tab
from web.drawing import percent


def summary(camera: Camera) -> list[str]:
    """The settings that matter, in a few words each."""
    if not camera.detect:
        looked = "objects off"
    else:
        looked = ", ".join(camera.labels) if camera.labels else "all objects"
        looked += f" from {percent(least_score(camera))}"
    plates = {PlateMode.OFF: "plates off", PlateMode.VEHICLES: "plates of vehicles", PlateMode.ALWAYS: "plates always"}
    said = [looked, plates[PlateMode(camera.plates)]]
    if camera.plates != PlateMode.OFF and camera.plate_source != PlateSource.LOCAL:
        said.append("by Plate Recognizer" if camera.plate_source == PlateSource.CLOUD else "Plate Recognizer in doubt")
    return [*said, "not on the first page"] if not camera.display else said


def settings_of(camera: Camera) -> list[tuple[str, str]]:
    """All settings, name and value; those that are empty are left out of the list."""
    return [
        ("Place", camera.message),
        ("On the first page", yes(camera.display)),
        ("Find objects", yes(camera.detect)),
        ("Objects to keep", ", ".join(camera.labels) or "all"),
        ("Minimum score", percent(least_score(camera))),
        ("Scores by label", ", ".join(f"{label} {percent(score)}" for label, score in camera.scores.items())),
        ("Size of boxes", sizes(camera)),
        ("Zones", "\n".join(f"{zone.name}: {zone.get_kind_display().lower()}" for zone in camera.zones.all())),
        ("Read plates", camera.get_plates_display().lower()),
        ("Plates are read by", camera.get_plate_source_display()),
        ("Newest first", yes(camera.newest_first)),
        ("Gap between visits", f"{gap_of(camera).total_seconds():g} s"),
        ("Regions of interest", areas_text(camera.rois)),
    ]


def settings_tabs(camera: Camera, current: str) -> list[Tab]:
    """The pages on which a camera is set; `current` is the name of one of their addresses."""
    pages = {"web:camera_settings": ("Settings", "sliders"), "web:camera_zones": ("Zones", "zones")}
    return [Tab(reverse(name, args=[camera.pk]), text, name == current, icon=i) for name, (text, i) in pages.items()]


def least_score(camera: Camera) -> float:
    """The score from which on a camera keeps things whose labels have none of their own."""
    return max(environment.current().detection_min_score, camera.min_score or 0.0)


def sizes(camera: Camera) -> str:
    """How large boxes may be, where that is limited."""
    said = [f"from {camera.min_size:g}%"] if camera.min_size > 0 else []
    said += [f"to {camera.max_size:g}%"] if camera.max_size < 100 else []
    return " ".join([*said, "of the picture"]) if said else ""


def yes(setting: bool) -> str:
    """Yes or no."""
    return "yes" if setting else "no"
