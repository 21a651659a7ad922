"""Which visit an image belongs to, in whatever order images come."""

from __future__ import annotations

import itertools
import random
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import environment
from cameras import visits
from cameras.merging import begin_merge, finish_merges
from cameras.models import Camera, Image, Visit
from cameras.services import save_image
from tests.factories import image_record, make_camera, make_image
from tests.web.making import AT

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("data_dir")]
FACTS: dict[str, Any] = {"bytes": 1, "width": 1, "height": 1, "problem": ""}


def register(camera: Camera, *seconds: float) -> list[Image]:
    """Images so many seconds after `AT`, registered in that order."""
    made = []
    for after in seconds:
        record = image_record()
        record["received_at"] = (AT + timedelta(seconds=after)).isoformat()
        made.append(save_image(record, camera, FACTS)[0])
    return made


def spans(camera: Camera) -> list[list[float]]:
    """The times of the images of every visit, in seconds after `AT`."""
    rows = Visit.objects.filter(camera=camera).order_by("started_at")
    found = [[(one.received_at - AT).total_seconds() for one in row.images.order_by("received_at")] for row in rows]
    for row, times in zip(rows, found, strict=True):
        assert [(row.started_at - AT).total_seconds(), (row.ended_at - AT).total_seconds()] == [times[0], times[-1]]
    return found


def test_images_closer_than_the_gap_are_one_visit() -> None:
    register(make_camera(), 0, 1, 3.9, 6.9, 12)
    assert spans(make_camera()) == [[0, 1, 3.9], [6.9], [12]]


def test_every_order_gives_the_same_visits() -> None:
    times = [0.0, 2.0, 4.0, 9.0, 11.0]
    for number, order in enumerate(itertools.permutations(times)):
        camera = make_camera(view=f"view {number}")
        register(camera, *order)
        assert spans(camera) == [[0, 2, 4], [9, 11]], order


def test_a_late_image_joins_two_visits_and_a_repeated_one_changes_nothing() -> None:
    camera = make_camera()
    first, _ = register(camera, 0, 4)
    Visit.objects.update(closed_at=AT)
    late = register(camera, 2)[0]
    visit = Visit.objects.get()
    assert (late.visit, visit.closed_at, visit.stale) == (visit, None, True), "open again, to be merged anew"
    record = image_record()
    record |= {"id": str(first.message_id), "path": first.path, "received_at": first.received_at.isoformat()}
    assert save_image(record, camera, FACTS) == (first, False)
    assert spans(camera) == [[0, 2, 4]]


def test_a_late_image_inside_a_closed_visit_opens_it_again() -> None:
    camera = make_camera()
    register(camera, 0, 2)
    Visit.objects.update(closed_at=AT)
    register(camera, 1)
    assert Visit.objects.get().closed_at is None


def test_cameras_have_visits_and_gaps_of_their_own() -> None:
    slow, usual = make_camera(view="slow", visit_gap=60), make_camera()
    register(slow, 0, 50)
    register(usual, 0, 50)
    assert (spans(slow), spans(usual)) == ([[0, 50]], [[0], [50]])


def test_a_camera_that_never_pauses_has_visits_of_bounded_length(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISIT_MOST_MINUTES", "0.1")  # 6 seconds
    environment.current.cache_clear()
    camera = make_camera()
    register(camera, *range(20))
    assert spans(camera) == [list(range(0, 7)), list(range(7, 14)), list(range(14, 20))]
    times = random.Random(7).sample(range(20), 20)
    shuffled = make_camera(view="shuffled")
    register(shuffled, *times)
    found = spans(shuffled)
    assert sorted(itertools.chain(*found)) == list(range(20))
    assert all(times[-1] - times[0] <= 6 for times in found)


def test_it_costs_five_queries_more_than_the_image_however_many_visits_there_are() -> None:
    camera = make_camera()
    register(camera, *(10 * number for number in range(30)))
    with CaptureQueriesContext(connection) as asked:
        register(camera, 301)
    about = [query["sql"] for query in asked if "visit" in query["sql"].lower() or "camera_camera" in query["sql"]]
    assert len(about) <= 6, about


def test_stored_images_join_visits_as_new_ones_do() -> None:
    camera, other = make_camera(), make_camera("yard", "Barn")
    times = [0.0, 2.0, 4.0, 9.0, 11.0, 30.0]
    random.Random(3).shuffle(times)
    for after in times:
        make_image(camera, AT + timedelta(seconds=after))
    make_image(other, AT)
    register(camera, 6)
    assert visits.join_left_out(4) == 4
    assert visits.join_left_out(4) == 3
    assert visits.join_left_out(4) == 0
    assert spans(camera) == [[0, 2, 4, 6], [9, 11], [30]]
    assert spans(other) == [[0]]
    assert Visit.objects.filter(stale=True).count() == 4


def test_an_image_of_another_camera_leaves_a_shorter_visit_or_none() -> None:
    camera, other = make_camera(), make_camera("yard", "Barn")
    images = register(camera, 0, 2)
    visit = Visit.objects.get()
    for image, left in zip(images, ([[2.0]], []), strict=True):
        Image.objects.filter(pk=image.pk).update(camera=other, visit=None)
        visits.join_visits(other, [image])
        visits.tidy([visit])
        assert spans(camera) == left
    assert spans(other) == [[0, 2]]


def test_visits_of_merged_cameras_are_those_of_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cameras.merging.BATCH", 3)
    old, new = make_camera("gate", "Front"), make_camera("yard", "Door")
    register(old, 0, 2, 20, 22, 40, 41)
    register(new, 1, 24, 60)
    begin_merge(old, new)
    assert not finish_merges()
    assert spans(new) == [[0, 1, 2], [20, 22, 24], [40, 41], [60]]
