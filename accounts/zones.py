"""Time zones that people choose from."""

from __future__ import annotations

import zoneinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.conf import settings

AREAS = ("Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")
"""The areas whose zones people live in; others are old names, or offsets whose signs mean the opposite (Etc)."""
OTHER = "Other"

Groups = list[tuple[str, list[tuple[str, str]]]]


def find(name: str) -> ZoneInfo | None:
    """The zone of that name; None where there is none."""
    try:
        return ZoneInfo(name) if name else None
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return None


@lru_cache(maxsize=1)
def names() -> tuple[str, ...]:
    """All that are offered."""
    return tuple(sorted(name for name in zoneinfo.available_timezones() if name.startswith(AREAS) and "/" in name))


def choices(chosen: str = "") -> Groups:
    """All zones by their areas; with the site's first, and with one that was chosen under another name."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for name in names():
        area, _, place = name.partition("/")
        groups.setdefault(area, []).append((name, place.replace("_", " ").replace("/", ", ")))
    others = [("UTC", "UTC")]
    if chosen and chosen not in {"UTC", *names()}:
        others.append((chosen, chosen))
    return [
        ("Site", [("", f"The site’s: {settings.TIME_ZONE}")]),
        *groups.items(),
        (OTHER, others),
    ]
