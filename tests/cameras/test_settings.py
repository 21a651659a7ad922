"""What a camera's settings may be."""

import pytest
from django.core.exceptions import ValidationError

from cameras.models import Camera, Zone
from cameras.services import camera_by_file_name, camera_for

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "settings",
    [
        *({"labels": {"a": 1}}, {"labels": [""]}, {"min_score": 2}, {"rois": [1]}),
        {"rois": {"porch": [[0, 0], [50, 101]]}},
        *({"scores": ["person"]}, {"scores": {"person": 2}}, {"scores": {"person": "0.5"}}, {"scores": {"": 0.5}}),
        *({"min_size": -1}, {"max_size": 101}, {"min_size": 5, "max_size": 5}),
    ],
)
def test_it_refuses_what_makes_no_sense(settings: dict[str, object]) -> None:
    camera = Camera(node=camera_for("gate", "Driveway").node, view="Yard")
    camera.full_clean()
    for name, value in settings.items():
        setattr(camera, name, value)
    with pytest.raises(ValidationError):
        camera.full_clean()


def test_it_takes_a_list_of_labels_and_named_areas() -> None:
    camera = camera_for("gate", "Driveway")
    camera.labels, camera.rois = ["person"], {"porch": [[0, 0], [50, 99.5]]}
    camera.full_clean()


def test_a_file_belongs_to_the_camera_with_the_longest_name_that_fits() -> None:
    short, long = camera_for("Garage", "North"), camera_for("Garage", "North door")
    assert camera_by_file_name("Garage-North-2026-11-22T10.00.00.000000.jpg") == short
    assert camera_by_file_name("Garage-North-door-2026-11-22T10.00.00.000000.jpg") == long


SQUARE = [[0, 0], [0.5, 0], [0.5, 0.5], [0, 0.5]]


@pytest.mark.parametrize(
    ("points", "said"),
    [
        ({"a": 1}, "pairs of numbers from 0 to 1"),
        ([[0, 0], [1, 1], [0.5]], "pairs of numbers"),
        ([[0, 0], [1, 1], [0.5, 1.01]], "pairs of numbers"),
        ([[0, 0], [1, 1], [0.5, float("nan")]], "pairs of numbers"),
        ([[0, 0], [1, True], [0.5, 0]], "pairs of numbers"),
        ([[0, 0], [1, 1]], "3 to 50 corners, not 2"),
        ([[number / 60, (number * 7 % 60) / 60] for number in range(51)], "3 to 50 corners, not 51"),
        ([[0, 0], [0.5, 0.5], [1, 1]], "covers next to nothing"),
        ([[0, 0], [0.005, 0], [0, 0.005]], "covers next to nothing"),
    ],
)
def test_a_zone_has_corners_around_a_part_of_the_picture(points: object, said: str) -> None:
    zone = Zone(camera=camera_for("gate", "Driveway"), name="street", kind="ignore", points=points)
    with pytest.raises(ValidationError, match=said):
        zone.full_clean()


def test_a_camera_has_each_name_of_a_zone_once_and_cases_tell_them_apart() -> None:
    camera = camera_for("gate", "Driveway")
    camera.zones.create(name="Street", points=SQUARE)
    Zone(camera=camera, name="street", points=SQUARE).full_clean()
    Zone(camera=camera_for("gate", "Yard"), name="Street", points=SQUARE).full_clean()
    with pytest.raises(ValidationError):
        Zone(camera=camera, name="Street", points=SQUARE).full_clean()
