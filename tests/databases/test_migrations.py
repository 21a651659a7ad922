"""What migrations make of rows that are there already."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.apps.registry import Apps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from plates.matching import near
from plates.models import Plate
from plates.searching import holding
from tests.web.making import add_object, make_camera, make_image

pytestmark = pytest.mark.django_db(transaction=True)
BEFORE = [("cameras", "0006_node_health"), ("detections", "0003_later")]


def migrate(targets: list[tuple[str, str]]) -> Apps:
    executor = MigrationExecutor(connection)
    executor.migrate(targets)
    return executor.loader.project_state(targets).apps


@pytest.fixture
def latest() -> Iterator[list[tuple[str, str]]]:
    """The migrations that there are; run again at the end."""
    targets = MigrationExecutor(connection).loader.graph.leaf_nodes()
    yield targets
    migrate(targets)


def test_labels_of_one_thing_are_marked_on_pictures_that_were_looked_at_before(
    latest: list[tuple[str, str]], data_dir: object
) -> None:
    one, other = (make_image(make_camera("gate", view), files=False) for view in ("Driveway", "Yard"))
    for image in (one, other):
        for label, score in [("truck", 0.4), ("car", 0.8), ("person", 0.3)]:
            add_object(image, label, score)
    old = migrate(BEFORE)
    assert old.get_model("detections", "Detection").objects.count() == 6
    rows = migrate(latest).get_model("detections", "Detection").objects
    assert sorted(rows.filter(shadowed=True).values_list("label", "image")) == [
        ("truck", one.pk),
        ("truck", other.pk),
    ]


def test_the_score_that_nobody_chose_is_left_to_the_setting(latest: list[tuple[str, str]]) -> None:
    ours, theirs = make_camera("gate", "Driveway"), make_camera("gate", "Yard")
    type(theirs).objects.filter(pk=theirs.pk).update(min_score=0.4)
    cameras = migrate(BEFORE).get_model("cameras", "Camera").objects
    assert cameras.get(pk=ours.pk).min_score == 0.25
    cameras_now = migrate(latest).get_model("cameras", "Camera").objects
    assert [cameras_now.get(pk=one.pk).min_score for one in (ours, theirs)] == [None, 0.4]


def test_plates_that_are_there_are_found_by_look_alikes_and_by_parts(latest: list[tuple[str, str]]) -> None:
    before = migrate([("plates", "0004_later")])
    before.get_model("plates", "Plate").objects.create(text="KV482BT")
    migrate(latest)
    assert [(price, plate.text) for price, plate in near([("KV4B2BT", 0.0)])] == [(0.3, "KV482BT")]
    assert Plate.objects.filter(holding("82B")).count() == 1
