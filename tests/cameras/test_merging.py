"""Two cameras become one, whatever happens on the way."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from cameras import merging
from cameras.models import Camera, CameraAlias, Event, Image
from cameras.services import camera_by_file_name, camera_for, save_event
from tests.factories import event_record, make_image

pytestmark = pytest.mark.django_db


def test_all_that_belongs_to_one_camera_goes_to_the_other(pair: tuple[Camera, Camera]) -> None:
    old, new = pair
    paths = set(Image.objects.values_list("path", flat=True))
    merging.begin_merge(old, new)
    assert not merging.finish_merges()
    assert list(Camera.objects.all()) == [new]
    assert (new.images.count(), new.events.count()) == (6, 1)
    assert new.visits.count() == 2, "one without images, which moved, and one that the images joined"
    assert {user.username for user in new.viewers.all()} == {"ben", "cleo"}
    assert set(Image.objects.values_list("path", flat=True)) == paths, "files keep their names"


def test_what_is_still_sent_goes_to_the_one_that_stays(pair: tuple[Camera, Camera]) -> None:
    old, new = pair
    merging.begin_merge(old, new)
    for _ in range(2):  # while the rows are on their way, and when they have arrived
        assert camera_for("gate", "Front") == new
        assert camera_by_file_name("gate-Front-2026-11-22T10.00.00.000000.jpg") == new
        merging.finish_merges()
    assert camera_for("gate", "Back") != new


def test_it_goes_on_where_it_was_stopped(pair: tuple[Camera, Camera], monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = pair
    monkeypatch.setattr(merging, "BATCH", 2)
    merging.begin_merge(old, new)
    monkeypatch.setattr(merging, "SLICE_SECONDS", 0.0)
    assert merging.finish_merges(), "more is left"
    assert 0 < old.images.count() + old.events.count() + old.visits.count() < 7
    monkeypatch.setattr(merging, "SLICE_SECONDS", 20.0)
    assert not merging.finish_merges()
    assert new.images.count() == 6
    assert not merging.finish_merges(), "once more changes nothing"


def test_it_begins_once_more_without_harm(pair: tuple[Camera, Camera]) -> None:
    old, new = pair
    merging.begin_merge(old, new)
    merging.begin_merge(old, new)
    merging.finish_merges()
    assert CameraAlias.objects.get().camera == new


def test_what_comes_in_at_the_last_moment_moves_too(
    pair: tuple[Camera, Camera], monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = pair
    merging.begin_merge(old, new)
    remove = merging.removed

    def late(camera: Camera, into: Camera) -> bool:
        if not Image.objects.filter(path="images/late.jpg").exists():
            make_image(old, path="images/late.jpg")
        return remove(camera, into)

    monkeypatch.setattr(merging, "removed", late)
    merging.finish_merges()
    assert new.images.filter(path="images/late.jpg").exists()
    assert not Camera.objects.filter(pk=old.pk).exists()


def test_a_camera_that_others_were_merged_into_takes_them_along(pair: tuple[Camera, Camera]) -> None:
    old, new = pair
    third = camera_for("barn", "Back")
    merging.begin_merge(old, new)
    merging.begin_merge(new, third)
    merging.finish_merges()
    assert list(Camera.objects.all()) == [third]
    assert third.images.count() == 6
    assert camera_for("gate", "Front") == camera_for("yard", "Door") == third


def test_it_refuses_what_makes_no_sense(pair: tuple[Camera, Camera]) -> None:
    old, new = pair
    for camera, into in ((old, old), (camera_for("unidentified", ""), new)):
        with pytest.raises(ValidationError):
            merging.begin_merge(camera, into)
    merging.begin_merge(old, new)
    with pytest.raises(ValidationError):
        merging.begin_merge(new, old)
    assert merging.under_way() == [(old, new)]


def test_events_go_to_the_node_of_the_camera_that_stays(pair: tuple[Camera, Camera]) -> None:
    old, new = pair
    merging.begin_merge(old, new)
    save_event(event_record("gate Front|motion|moving|"))
    merging.finish_merges()
    save_event(event_record("gate Front|motion|still|"))
    save_event(event_record("gate|Temp|21 C|"))
    assert {(event.camera, event.node) for event in new.events.all()} == {(new, new.node)}
    assert new.events.count() == 3
    assert Event.objects.get(camera=None).node.name == "gate"


def test_every_relation_to_a_camera_is_known_to_it() -> None:
    """A model that gets a key to a camera moves too, or this says that somebody has to think about it."""
    known = {model._meta.label for model, _ in merging.relations()}
    assert known >= {"cameras.Image", "cameras.Event", "cameras.Visit"}
    assert "cameras.CameraAlias" not in known
