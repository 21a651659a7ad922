"""Two cameras become one: everything that belongs to the first goes to the second, in batches.

The alias that leads from the first camera's name to the second is written first. From then on new messages go to the
second, and as long as the first camera's row is there, some of its rows may be on their way: that is all there is to
remember, so what was killed anywhere goes on when it is started again. Files keep their names.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Model, OuterRef, ProtectedError, Subquery

from cameras.changes import note_images, note_pairs, note_visits
from cameras.models import Camera, CameraAlias, Event, Image, Visit, Zone
from cameras.services import UNIDENTIFIED, standing_cameras
from cameras.visits import join_visits, tidy

log = logging.getLogger(__name__)

BATCH = 500
SLICE_SECONDS = 20.0
STAYS = (CameraAlias, Zone)
"""What is not moved by `move_batch`: aliases go at the end, zones are settings and go with the camera that had them."""
MOST_COUNTED = 10_000


def check_merge(camera: Camera, into: Camera) -> None:
    """Raise `ValidationError` where one camera cannot be merged into another."""
    if camera.pk == into.pk:
        raise ValidationError("A camera cannot be merged into itself.")
    if camera.node.name == UNIDENTIFIED:
        raise ValidationError(f"“{UNIDENTIFIED}” is where files without a known camera go; it stays.")
    if not standing_cameras().filter(pk=into.pk).exists():
        raise ValidationError(f"{into} is being merged into another camera itself.")
    aliases = CameraAlias.objects.select_related("camera__node").filter(node=camera.node, view=camera.view)
    other = aliases.exclude(camera=into).first()
    if other:
        raise ValidationError(f"{camera} is being merged into {other.camera} already.")


def begin_merge(camera: Camera, into: Camera) -> None:
    """Send what arrives for one camera to another from now on; `finish_merges` moves what is there already.

    Raises `ValidationError` where that cannot be done, or not any more.
    """
    with transaction.atomic():
        locked(camera, into)
        check_merge(camera, into)
        CameraAlias.objects.filter(camera=camera).update(camera=into)
        facts = {"camera": into, "merged_id": camera.pk}
        CameraAlias.objects.update_or_create(node=camera.node, view=camera.view, defaults=facts)
        copy_choices(camera, into)
    log.info("camera %s is merged into %s", camera, into)


def locked(*cameras: Camera) -> dict[int, Camera]:
    """Those that are still there, by key, until the transaction ends: merges of the same cameras wait for each other.

    In one order, or two could wait for each other for ever.
    """
    rows = Camera.objects.select_for_update().filter(pk__in=[camera.pk for camera in cameras])
    return {row.pk: row for row in rows.order_by("pk")}


def under_way() -> list[tuple[Camera, Camera]]:
    """The cameras whose rows are on their way, each with the one that gets them."""
    alias = CameraAlias.objects.filter(node=OuterRef("node"), view=OuterRef("view"))
    merged = Camera.objects.select_related("node").annotate(into=Subquery(alias.values("camera")[:1]))
    found = list(merged.exclude(into=None))
    targets = Camera.objects.select_related("node").in_bulk([one.into for one in found])
    return [(one, targets[one.into]) for one in found if one.into in targets]


def finish_merges() -> bool:
    """Move what merged cameras still have, for `SLICE_SECONDS`; whether more is left. Safe to kill and run again."""
    deadline = time.monotonic() + SLICE_SECONDS
    while merges := under_way():  # looked up for every batch, since a target may be merged meanwhile
        camera, into = merges[0]
        if not move_batch(camera, into):
            removed(camera, into)
        if time.monotonic() > deadline:
            return True
    return False


def move_batch(camera: Camera, into: Camera) -> int:
    """Give one batch of a camera's rows to another; how many, 0 when there are none."""
    # Images first: those in visits leave them, so that of these only what has no images is left to move.
    for model, field in sorted(relations(), key=lambda relation: relation[0] is not Image):
        facts: dict[str, Any] = {field: into} | ({"node": into.node} if model is Event else {})
        rows = model._base_manager.filter(**{field: camera}).order_by().values_list("pk", flat=True)
        batch = list(rows[:BATCH])
        if batch and model is Image:
            move_images(list(Image.objects.filter(pk__in=batch).select_related("visit")), camera, into)
        elif batch:
            move_rows(model, batch, facts)
        if batch:
            return len(batch)
    return 0


def move_rows(model: type[Model], batch: list[int], facts: dict[str, Any]) -> None:
    """Give rows to another camera; visits are counted there from now on."""
    rows = model._base_manager.filter(pk__in=batch)
    with transaction.atomic():
        if model is Visit:
            note_visits(Visit.objects.filter(pk__in=batch))
        rows.update(**facts)
        if model is Visit:
            note_visits(Visit.objects.filter(pk__in=batch))


def move_images(images: list[Image], camera: Camera, into: Camera) -> None:
    """Give images to another camera, whose visits they join; those that they leave go with the last of them."""
    with transaction.atomic():
        locked(camera, into)
        note_images(images)
        Image.objects.filter(pk__in=[image.pk for image in images]).update(camera=into, visit=None)
        note_pairs((into.pk, image.received_at) for image in images)
        left = {image.visit for image in images if image.visit}
        join_visits(into, images)
        tidy(left)


def removed(camera: Camera, into: Camera) -> bool:
    """Remove a camera that has nothing any more; False where something came in at the last moment."""
    try:
        with transaction.atomic():
            row = locked(camera, into).get(camera.pk)
            if row is None:  # another worker was faster
                return True
            CameraAlias.objects.filter(camera=row).update(camera=into)
            copy_choices(row, into)
            row.delete()
    except (ProtectedError, IntegrityError):
        return False
    log.info("camera %s is merged into %s: done", camera, into)
    return True


def relations() -> Iterator[tuple[type[Model], str]]:
    """Every model whose rows go with a camera's pictures and events, with the name of the key."""
    for relation in Camera._meta.related_objects:
        if relation.one_to_many and relation.related_model not in STAYS:
            yield relation.related_model, relation.field.name


def copy_choices(camera: Camera, into: Camera) -> None:
    """Add one camera to wherever another was chosen: its viewers see the other's pictures too."""
    mine = [field.name for field in Camera._meta.many_to_many]
    others = [one.get_accessor_name() for one in Camera._meta.related_objects if one.many_to_many]
    for name in filter(None, [*mine, *others]):
        getattr(into, name).add(*getattr(camera, name).all())


def belongings(camera: Camera) -> list[tuple[str, int]]:
    """What a camera has, by name of the rows, each counted up to `MOST_COUNTED`."""
    counts = []
    for model, field in relations():
        rows = model._base_manager.filter(**{field: camera}).order_by()
        counts.append((str(model._meta.verbose_name_plural), rows[:MOST_COUNTED].count()))
    return [*counts, ("viewers", camera.viewers.count())]
