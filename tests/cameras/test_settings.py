"""What a camera's settings may be."""

import pytest
from django.core.exceptions import ValidationError

from cameras.models import Camera
from cameras.services import camera_by_file_name, camera_for

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "settings",
    [{"labels": {"a": 1}}, {"labels": [""]}, {"min_score": 2}, {"rois": [1]}, {"rois": {"porch": [[0, 0], [50, 101]]}}],
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
