"""Whose plates are expected: as the environment says, else as staff set it for the site."""

from __future__ import annotations

from environment import PLATE_REGIONS, Environment
from plates.models import PlateSettings
from plates.models.site import THE_ROW


def expected(env: Environment) -> tuple[str, ...]:
    """The regions, at least one.

    Read anew for each picture, one row by its key, so that a change counts for the next one in every process.
    """
    if env.plate_regions:
        return env.plate_regions
    stored = PlateSettings.objects.filter(pk=THE_ROW).values_list("regions", flat=True).first() or ()
    return tuple(one for one in PLATE_REGIONS if one in stored) or PLATE_REGIONS
