"""What a camera's settings may be."""

from __future__ import annotations

from django.core.exceptions import ValidationError


def validate_labels(value: object) -> None:
    """A list of names of objects."""
    if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
        raise ValidationError('Write a list of names, such as ["person", "car"], or [] for all.')


def validate_rois(value: object) -> None:
    """A mapping of an area's name to its two corners in percent of the picture: `{"porch": [[0, 0], [50, 100]]}`."""
    if not isinstance(value, dict) or not all(_is_area(one) for one in value.values()):
        raise ValidationError('Write names with two corners in percent, such as {"porch": [[0, 0], [50, 100]]}.')


def _is_area(corners: object) -> bool:
    return isinstance(corners, list) and len(corners) == 2 and all(_is_corner(one) for one in corners)


def _is_corner(point: object) -> bool:
    return (
        isinstance(point, list)
        and len(point) == 2
        and all(isinstance(one, int | float) and not isinstance(one, bool) and 0 <= one <= 100 for one in point)
    )
