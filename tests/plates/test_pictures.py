"""Which pictures of a visit are the best."""

import pytest
from pytest_django import DjangoAssertNumQueries

from cameras.models import Image, Visit
from plates.models import PlateReading, Sighting
from plates.sightings import best_images
from tests.web.making import AT, add_object, add_reading, make_camera, make_visit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("data_dir")]


@pytest.fixture
def visit() -> Visit:
    return make_visit(make_camera("gate", "Driveway"), pictures=5)


def read(image: Image, height: float, confidence: float = 0.8, sighting: Sighting | None = None) -> None:
    made = add_reading(image, confidence=confidence, sighting=sighting)
    PlateReading.objects.filter(pk=made.pk).update(y1=100, y2=100 + height)


def test_the_tallest_surest_plate_comes_first_then_the_largest_whole_vehicle(
    visit: Visit, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    nothing, far, cut_off, small, tall = visit.images.order_by("received_at")
    add_object(far, box=(100, 100, 200, 160))
    add_object(cut_off, box=(0, 100, 110, 200))
    read(small, 12)
    read(tall, 30)
    with django_assert_num_queries(3):
        assert best_images(visit) == [tall, small, far, cut_off, nothing]


def test_every_vehicles_best_picture_comes_first_and_that_of_an_unsure_one_before_all(visit: Visit) -> None:
    one, two, three, *_ = visit.images.order_by("received_at")
    sure = Sighting.objects.create(visit=visit, status="matched", at=AT)
    unsure = Sighting.objects.create(visit=visit, status="unknown", at=AT)
    read(one, 40, sighting=sure)
    read(two, 39, sighting=sure)
    read(three, 10, 0.4, unsure)
    assert best_images(visit)[:3] == [three, one, two]


def test_what_cannot_be_decoded_is_never_sent(visit: Visit) -> None:
    Image.objects.update(problem="not a picture")
    assert best_images(visit) == []
