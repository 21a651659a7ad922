"""The first page's figures of pictures: what is kept by the hour and what changed since, right to the second."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from cameras.changes import note
from cameras.models import Camera, ChangedHour, Image
from tests.rollups.counted import catch_up
from tests.web.making import add_object, make_camera, make_image
from web import today
from web.days import day_range

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("data_dir")]
PICTURES = ("pictures", "vehicles", "persons")


@pytest.fixture
def camera() -> Camera:
    return make_camera("gate", "Front")


@pytest.fixture
def staff() -> User:
    return User.objects.create_superuser("staff")


def figures(user: User) -> list[tuple[int, int]]:
    return [(one.today, one.yesterday) for one in today.pictures(user)]


def two_days(camera: Camera) -> tuple[datetime, datetime]:
    """Four pictures, two of them yesterday's; when the days began."""
    yesterday, begun = today.days()
    for at, label in [(yesterday, "car"), (begun - timedelta(seconds=1), "dog"), (begun, "bus"), (begun, "person")]:
        add_object(make_image(camera, at, files=False), label)
    make_image(camera, yesterday - timedelta(seconds=1), files=False)
    return yesterday, begun


def test_they_are_the_same_whether_kept_or_counted(camera: Camera, staff: User) -> None:
    two_days(camera)
    before = figures(staff)
    catch_up()
    assert before == figures(staff) == [(2, 2), (1, 1), (1, 0)]
    assert [(one.today, one.yesterday) for one in today.counted(staff)] == figures(staff)


def test_a_change_shows_before_it_is_counted(camera: Camera, staff: User) -> None:
    _, begun = two_days(camera)
    catch_up()
    add_object(make_image(camera, begun + timedelta(minutes=5), files=False), "truck")
    note(camera.pk, begun)
    Image.objects.filter(received_at__lt=begun, detections__label="dog").delete()
    note(camera.pk, begun - timedelta(seconds=1))
    assert figures(staff) == [(3, 1), (2, 1), (1, 0)]
    assert ChangedHour.objects.exists()


def test_what_is_kept_is_not_counted_again(camera: Camera, staff: User) -> None:
    two_days(camera)
    catch_up()
    Image.objects.all().delete()  # past everything that notes changes
    assert figures(staff)[0] == (2, 2)
    with CaptureQueriesContext(connection) as queries:
        figures(staff)
    assert len(queries) == 1


def test_a_limited_viewer_gets_those_of_his_cameras(camera: Camera) -> None:
    two_days(camera)
    other = make_camera("barn", "Side")
    make_image(other, day_range(timezone.localdate())[0], files=False)
    catch_up()
    person = User.objects.create_user("limited", only_chosen_cameras=True)
    person.chosen_cameras.add(other)
    assert figures(person) == [(1, 0), (0, 0), (0, 0)]


@override_settings(TIME_ZONE="Asia/Kolkata")
def test_where_days_begin_at_half_hours_everything_is_counted(camera: Camera, staff: User) -> None:
    with timezone.override("Asia/Kolkata"):
        two_days(camera)
        catch_up()
        assert figures(staff) == [(2, 2), (1, 1), (1, 0)]
