"""What a camera's settings may be."""

from __future__ import annotations

from django.core.exceptions import ValidationError

MOST_POINTS = 50
LEAST_AREA = 0.0001
"""Of the picture, as a share of one: a hundredth of its width by a hundredth of its height."""


def validate_labels(value: object) -> None:
    """A list of names of objects."""
    if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
        raise ValidationError('Write a list of names, such as ["person", "car"], or [] for all.')


def validate_scores(value: object) -> None:
    """A mapping of labels to minimum scores from 0 to 1."""
    if not isinstance(value, dict) or not all(name and _is_between(score, 1) for name, score in value.items()):
        raise ValidationError('Write labels with scores from 0 to 1, such as {"person": 0.5}, or {} for none.')


def validate_points(value: object) -> None:
    """Corners of a polygon: `[[0.1, 0.5], [0.9, 0.5], [0.5, 1]]`, shares of the picture's width and height."""
    if not isinstance(value, list) or not all(_is_point(one, 1) for one in value):
        raise ValidationError("The corners of a zone are pairs of numbers from 0 to 1, [[0.1, 0.5], …].")
    if not 3 <= len(value) <= MOST_POINTS:
        raise ValidationError(f"A zone has 3 to {MOST_POINTS} corners, not {len(value)}.")
    if abs(_area(value)) < LEAST_AREA:
        raise ValidationError("The zone covers next to nothing. Draw its corners one after another around the place.")


def validate_rois(value: object) -> None:
    """A mapping of an area's name to its two corners in percent of the picture: `{"porch": [[0, 0], [50, 100]]}`."""
    if not isinstance(value, dict) or not all(_is_area(one) for one in value.values()):
        raise ValidationError('Write names with two corners in percent, such as {"porch": [[0, 0], [50, 100]]}.')


def _is_area(corners: object) -> bool:
    return isinstance(corners, list) and len(corners) == 2 and all(_is_point(one, 100) for one in corners)


def _is_point(point: object, most: float) -> bool:
    return isinstance(point, list) and len(point) == 2 and all(_is_between(one, most) for one in point)


def _is_between(figure: object, most: float) -> bool:
    return isinstance(figure, int | float) and not isinstance(figure, bool) and 0 <= figure <= most


def _area(points: list[list[float]]) -> float:
    """What a polygon covers, negative where its corners go round the other way (the shoelace formula).

    The halves of one that crosses itself count against each other.
    """
    pairs = zip(points, [*points[1:], *points[:1]], strict=True)
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairs) / 2
