"""Which visit an image belongs to, however late and in whatever order images come.

The visits of a camera never overlap. Whoever changes which images they have holds the lock on the camera's row, so that
several workers that register images of one camera at once come to the same visits as one would.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max, Min

import environment
from cameras.changes import hours_between, note, note_visits
from cameras.models import Camera, Image, Visit


@dataclass(slots=True)
class Timeline:
    """The visits of a camera around some time, in order, and what became of them; pure arithmetic, nothing stored."""

    visits: list[Visit]
    gap: timedelta
    most: timedelta
    changed: list[Visit] = field(default_factory=list)
    gone: list[tuple[Visit, Visit]] = field(default_factory=list)
    """Visits that became part of an earlier one."""
    starts: set[datetime] = field(default_factory=set)
    """When visits began that no longer do so or did not before, and all hours of those that are gone."""

    def place(self, camera: Camera, at: datetime) -> Visit:
        """The visit of an image received at that time: made, made longer or joined with the next where need be."""
        number = sum(visit.started_at <= at for visit in self.visits)
        before = self.visits[number - 1] if number else None
        after = self.visits[number] if number < len(self.visits) else None
        if before and at <= before.ended_at:
            return before
        near_before = before and at - before.ended_at < self.gap and at - before.started_at <= self.most
        near_after = after and after.started_at - at < self.gap and after.ended_at - at <= self.most
        if before and near_before and after and near_after:
            if after.ended_at - before.started_at <= self.most:
                return self.unite(before, after)
            near_before = at - before.ended_at <= after.started_at - at
        if before and near_before:
            before.ended_at = at
            return self.note(before)
        if after and near_after:
            self.starts |= {after.started_at, at}
            after.started_at = at
            return self.note(after)
        self.starts.add(at)
        self.visits.insert(number, Visit(camera=camera, started_at=at, ended_at=at))
        return self.note(self.visits[number])

    def unite(self, before: Visit, after: Visit) -> Visit:
        """Have an image that came late close the gap between two visits."""
        before.ended_at = after.ended_at
        self.starts.update(hours_between(after.started_at, after.ended_at))
        self.visits.remove(after)
        self.gone.append((after, before))
        return self.note(before)

    def note(self, visit: Visit) -> Visit:
        """Remember that a visit was changed."""
        if visit not in self.changed:
            self.changed.append(visit)
        return visit

    def left(self, visit: Visit) -> Visit:
        """The visit that another became part of, be it in several steps; itself where it did not."""
        for gone, into in self.gone:  # in the order in which it happened
            visit = into if visit is gone else visit
        return visit

    def save(self) -> None:
        """Store what was changed; a visit that is changed is open again."""
        for gone, _ in self.gone:
            self.note(self.left(gone)).stale = True
        for visit in self.changed:
            if self.left(visit) is visit:
                visit.closed_at = None
                # Nothing else: whoever merges what was seen writes other columns of the row without the camera's lock.
                bounds = ["started_at", "ended_at", "closed_at", *(["stale"] if visit.stale else [])]
                visit.save(update_fields=bounds if visit.pk else None)
        for gone, _ in self.gone:
            if gone.pk:
                Image.objects.filter(visit=gone).update(visit=self.left(gone))
                gone.delete()
        for camera_id in {visit.camera_id for visit in self.changed}:
            note(camera_id, *self.starts)


def gap_of(camera: Camera) -> timedelta:
    """The time without an image after which the next one of a camera begins a new visit."""
    seconds = environment.current().visit_gap_seconds if camera.visit_gap is None else camera.visit_gap
    return timedelta(seconds=seconds)


def visit_at(camera: Camera, at: datetime) -> Visit:
    """The visit of an image of a camera that was received at that time.

    Call it in the transaction that stores the image: until its end the camera's row is locked. Raises
    `Camera.DoesNotExist` where the camera was merged away meanwhile.
    """
    row = locked_camera(camera.pk)
    timeline = around(row, at, at)
    visit = timeline.note(timeline.place(row, at))  # also where its bounds stay: there is more to look at
    timeline.save()
    return visit


def around(camera: Camera, first: datetime, last: datetime) -> Timeline:
    """The visits that images received between two times may belong to. Two queries, by an index."""
    gap = gap_of(camera)
    visits = Visit.objects.filter(camera=camera)
    before = visits.filter(started_at__lte=first).order_by("-started_at", "-pk")[:1]
    later = visits.filter(started_at__gt=first, started_at__lt=last + gap).order_by("started_at", "pk")
    most = timedelta(minutes=environment.current().visit_most_minutes)
    return Timeline([*before, *later], gap, most)


def join_visits(camera: Camera, images: Iterable[Image]) -> None:
    """Have stored images of a camera join its visits, whatever visits they were in; in one transaction.

    Visits that they leave are for `tidy` to look at.
    """
    with transaction.atomic():
        row = locked_camera(camera.pk)
        for group in groups(sorted(images, key=lambda one: (one.received_at, one.pk)), gap_of(row)):
            join_group(row, group)


def join_group(camera: Camera, images: Sequence[Image]) -> None:
    """Have images of a locked camera that are close to each other, in the order of time, join its visits."""
    timeline = around(camera, images[0].received_at, images[-1].received_at)
    placed = [(image, timeline.place(camera, image.received_at)) for image in images]
    for _, visit in placed:
        timeline.note(timeline.left(visit)).stale = True
    timeline.save()
    members: dict[int, list[int]] = {}
    for image, visit in placed:
        image.visit = timeline.left(visit)
        members.setdefault(image.visit.pk, []).append(image.pk)
    for visit_id, numbers in members.items():
        Image.objects.filter(pk__in=numbers).update(visit=visit_id)


def groups(images: Sequence[Image], gap: timedelta) -> Iterator[Sequence[Image]]:
    """Images in the order of time, parted wherever there is a gap."""
    first = 0
    for number in range(1, len(images) + 1):
        if number == len(images) or images[number].received_at - images[number - 1].received_at >= gap:
            yield images[first:number]
            first = number


def tidy(visits: Iterable[Visit]) -> None:
    """Set right the visits that some of their images have left: shorter now, or gone with the last image."""
    for visit in sorted(visits, key=lambda one: one.pk):
        with transaction.atomic():
            locked_camera(visit.camera_id)
            row = Visit.objects.select_for_update().filter(pk=visit.pk).first()
            if row:
                shorten(row)


def shorten(visit: Visit) -> None:
    """Have a locked visit of a locked camera last from its first image to its last; without any it goes."""
    note_visits([visit])
    left = visit.images.order_by().aggregate(first=Min("received_at"), last=Max("received_at"))
    if left["first"] is None:
        visit.delete()
    else:
        visit.started_at, visit.ended_at, visit.stale = left["first"], left["last"], True
        visit.save(update_fields=["started_at", "ended_at", "stale"])
        note(visit.camera_id, visit.started_at)


def locked_camera(camera_id: int) -> Camera:
    """The camera, its row locked until the transaction ends."""
    return Camera.objects.select_for_update().get(pk=camera_id)


def join_left_out(most: int) -> int:
    """Have some images that are in no visit, such as those stored before there were any, join theirs; how many."""
    rows = Image.objects.filter(visit=None).order_by("pk").select_related("camera")[:most]
    by_camera: dict[int, list[Image]] = {}
    for image in rows:
        by_camera.setdefault(image.camera_id, []).append(image)
    for images in by_camera.values():
        join_visits(images[0].camera, images)
    return sum(map(len, by_camera.values()))
