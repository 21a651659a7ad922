"""What came of the sample traffic, compared with what the fixture expects."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime

from cameras.models import Event, Image, RunStatus
from cameras.services import camera_for
from demo.fixture import Fixture, SampleCamera
from detections.grouping import things

PATIENCE = 120.0
"""Seconds without any progress after which the demo gives up; models load on first use."""


def follow(fixture: Fixture, since: datetime, say: Callable[[str], None]) -> list[Image]:
    """Tell of each picture once both stages have ended, until all have or nothing moves any more; oldest first."""
    told: dict[int, Image] = {}
    deadline = time.monotonic() + PATIENCE
    while len(told) < fixture.images and time.monotonic() < deadline:
        for image in finished_since(since):
            if image.pk not in told:
                told[image.pk] = image
                say(describe(image))
                deadline = time.monotonic() + PATIENCE
        time.sleep(0.2)
    return sorted(told.values(), key=lambda image: (image.received_at, image.pk))


def finished_since(since: datetime) -> list[Image]:
    """Images received since then whose stages have all ended, oldest first."""
    images = Image.objects.filter(received_at__gte=since).exclude(detection_run__status=RunStatus.QUEUED)
    images = images.exclude(recognition_run__status=RunStatus.QUEUED).select_related("camera__node")
    return list(images.prefetch_related("detections", "plate_readings").order_by("received_at", "pk"))


def describe(image: Image) -> str:
    """One line for one picture."""
    found = things(image.detections.all())
    objects = ", ".join(f"{one.name} {one.best.confidence:.2f}" for one in found) or "nothing"
    plate = best_plate(image)
    return f"{image.camera}: {objects}" + (f", plate [bold]{plate}[/bold]" if plate else "")


def best_plate(image: Image) -> str:
    """The most confident plate text of a picture, or nothing."""
    readings = sorted(image.plate_readings.all(), key=lambda reading: -reading.confidence)
    return readings[0].text if readings else ""


def shortfalls(fixture: Fixture, images: list[Image], since: datetime, heartbeats: int) -> list[str]:
    """What the fixture expects and was not found, a line each; empty when all is well."""
    lines = [line for camera in fixture.cameras for line in camera_shortfalls(camera, images)]
    kinds = Counter(Event.objects.filter(at__gte=since).values_list("kind", flat=True))
    lines += [
        f"{wanted} events {kind}, {kinds[kind]} found"
        for kind, wanted in fixture.events.items()
        if kinds[kind] != wanted
    ]
    if heartbeats != fixture.heartbeats:
        lines.append(f"{fixture.heartbeats} heartbeats, {heartbeats} found")
    return lines


def camera_shortfalls(camera: SampleCamera, images: list[Image]) -> list[str]:
    """The same for one camera: every picture shows its label and its plate."""
    node, _, view = camera.name.partition(" ")
    row = camera_for(node, view)  # a person may have renamed or merged it here
    own = [image for image in images if image.camera == row]
    if len(own) != len(camera.pictures):
        return [f"{camera.name}: {len(camera.pictures)} pictures, {len(own)} looked at"]
    lines = []
    for image, picture in zip(own, camera.pictures, strict=True):
        labels = {one.label for one in image.detections.all()}
        if camera.label not in labels:
            lines.append(f"{camera.name}, {picture.name}: a {camera.label}, found {sorted(labels) or 'nothing'}")
        if best_plate(image) != camera.plate:
            lines.append(f"{camera.name}, {picture.name}: plate {camera.plate}, read {best_plate(image) or 'nothing'}")
    return lines
