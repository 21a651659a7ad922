"""Merges that meet another merge, another worker, or a picture that comes in."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection

from cameras import merging
from cameras.models import Camera, CameraAlias
from cameras.services import camera_for

pytestmark = pytest.mark.django_db


def test_it_refuses_another_target_while_rows_are_on_their_way(
    pair: tuple[Camera, Camera], monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = pair
    third = camera_for("barn", "Back")
    merging.begin_merge(old, new)
    monkeypatch.setattr(merging, "BATCH", 2)
    monkeypatch.setattr(merging, "SLICE_SECONDS", 0.0)
    assert merging.finish_merges(), "some are still there"
    with pytest.raises(ValidationError, match="yard Door already"):
        merging.begin_merge(old, third)
    monkeypatch.undo()
    merging.finish_merges()
    assert (new.images.count(), third.images.count()) == (6, 0)


def test_an_alias_of_a_camera_that_goes_is_never_lost(pair: tuple[Camera, Camera]) -> None:
    old, new = pair
    merging.begin_merge(old, new)
    CameraAlias.objects.create(node=new.node, view="Older", camera=old)
    merging.finish_merges()
    assert camera_for("yard", "Older") == new


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer at a time, and threads of a test none")
@pytest.mark.django_db(transaction=True)
def test_two_merges_at_once_lose_nothing(pair: tuple[Camera, Camera], monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = pair
    third = camera_for("barn", "Back")
    checked, other_done, check = threading.Event(), threading.Event(), merging.check_merge

    def slow(camera: Camera, into: Camera) -> None:
        check(camera, into)
        if camera == old:
            checked.set()
            other_done.wait(1)

    def begin(camera: Camera, into: Camera) -> None:
        try:
            merging.begin_merge(camera, into)
        finally:
            connection.close()

    monkeypatch.setattr(merging, "check_merge", slow)
    with ThreadPoolExecutor() as threads:
        first = threads.submit(begin, old, new)
        assert checked.wait(10)
        second = threads.submit(begin, new, third)
        second.add_done_callback(lambda _: other_done.set())
    first.result()
    second.result()
    merging.finish_merges()
    assert camera_for("gate", "Front") == camera_for("yard", "Door") == third
    assert third.images.count() == 6


def test_a_camera_that_another_worker_removed_is_done(pair: tuple[Camera, Camera]) -> None:
    old, new = pair
    stale = Camera.objects.select_related("node").get(pk=old.pk)
    merging.begin_merge(old, new)
    merging.finish_merges()
    assert merging.removed(stale, new)


def test_an_image_that_comes_in_between_is_not_lost(
    pair: tuple[Camera, Camera], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database, not Django, finds the image that came in after Django had looked."""
    old, new = pair
    merging.begin_merge(old, new)
    delete = Camera.delete

    def late(camera: Camera) -> None:
        monkeypatch.setattr(Camera, "delete", delete)
        raise IntegrityError("a foreign key constraint fails")

    monkeypatch.setattr(Camera, "delete", late)
    assert not merging.removed(old, new)
    merging.finish_merges()
    assert not Camera.objects.filter(pk=old.pk).exists()
