"""Regions of interest as imagenode.yaml writes them: `porch: (0,0),(50,100)`, corners in percent, one a line."""

from __future__ import annotations

import re
from collections.abc import Mapping

FIGURE = r"\s*(\d{1,3}(?:\.\d{1,4})?)\s*"
LINE = re.compile(rf"(?P<name>[^:]{{1,64}}):\s*\({FIGURE},{FIGURE}\)\s*,\s*\({FIGURE},{FIGURE}\)\s*")

Areas = dict[str, list[list[float]]]


def areas_text(areas: object) -> str:
    """The lines of stored areas; those that cannot be written so are left out."""
    if not isinstance(areas, Mapping):
        return ""
    return "\n".join(f"{name}: {corners_text(corners)}" for name, corners in areas.items())


def corners_text(corners: list[list[float]]) -> str:
    """Two corners: `(0,0),(50,100)`."""
    return ",".join(f"({x:g},{y:g})" for x, y in corners)


def parse_areas(text: str) -> Areas:
    """The areas of these lines; raises `ValueError` with the line that cannot be read."""
    areas: Areas = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        match = LINE.fullmatch(line)
        corners = [whole(float(figure)) for figure in match.groups()[1:]] if match else []
        if not match or max(corners) > 100:
            raise ValueError(line)
        areas[match["name"].strip()] = [corners[:2], corners[2:]]
    return areas


def whole(figure: float) -> float:
    """A whole number where it is one, so that it is kept as people wrote it."""
    return int(figure) if figure.is_integer() else figure
