"""What the site of these tests has beside the demo's traffic; runs inside the site, by `manage.py shell`."""

from __future__ import annotations

import os
import uuid
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from cameras.models import Camera, Image, RunStatus, Visit
from cameras.services import camera_for
from detections.models import Detection, DetectionRun
from plates.models import RecognitionRun
from plates.sightings import merge_sightings
from rollups import services

PASSWORD = "correct horse battery"
VIEWER, LIMITED = "ben", "cleo"
"""Ben sees all cameras, Cleo the camera "yard Barn" alone."""
PAST_DAYS = {1: 40, 2: 35}
"""How many pictures of the camera "street Corner" there are of days that are so many days ago."""

DOUBTFUL = ("Q4Q4Q4", "8HH8HH", "WT55TW")
"""What was read, but not surely, on pictures of "street Corner", the newest first."""


def fill() -> None:
    """Make the people, two past days of pictures, plates that were not read surely, and visits, and count them."""
    User.objects.create_user(VIEWER, password=PASSWORD)
    limited = User.objects.create_user(LIMITED, password=PASSWORD, only_chosen_cameras=True)
    Camera.objects.get(node__name="yard", view="Barn").viewers.add(limited)
    model = Image.objects.filter(camera__node__name="gate").latest("received_at")
    for days, count in PAST_DAYS.items():
        noon = (timezone.localtime() - timedelta(days=days)).replace(hour=12, minute=0, second=0)
        for number in range(count):
            copy(model, camera_for("street", "Corner"), noon + timedelta(seconds=20 * number))
    for camera in Camera.objects.all():
        visit(Image.objects.filter(camera=camera))
    for image, text in zip(Image.objects.filter(camera__view="Corner")[: len(DOUBTFUL)], DOUBTFUL, strict=True):
        misread(model, image, text)
        visit(Image.objects.filter(pk=image.pk))
    services.begin_anew(restart=True)  # these rows were written past everything that notes changes
    while services.count():
        pass


def copy(model: Image, camera: Camera, at: datetime) -> None:
    """A picture like one that really came, with the objects that were found in it."""
    path = f"images/{at:%Y-%m-%d}/street-Corner-{at:%Y-%m-%dT%H.%M.%S}.jpg"
    facts = {"bytes": model.bytes, "width": model.width, "height": model.height}
    image = Image.objects.create(message_id=uuid.uuid4(), path=path, camera=camera, received_at=at, **facts)
    for source, target in ((model.file, image.file), (model.thumbnail, image.thumbnail)):
        target.parent.mkdir(parents=True, exist_ok=True)
        os.link(source, target)
    DetectionRun.objects.create(image=image, status=RunStatus.DONE, queued_at=at, finished_at=at)
    RecognitionRun.objects.create(image=image, status=RunStatus.SKIPPED, reason="not wanted", queued_at=at)
    for one in model.detections.all():
        one.pk, one.image = None, image
        one.save(force_insert=True)
    assert Detection.objects.filter(image=image).exists()


def misread(model: Image, image: Image, text: str) -> None:
    """Have a picture show a plate that could be read as well as this: not surely."""
    row = model.plate_readings.latest("confidence")
    row.pk, row.image, row.sighting, row.plate, row.at = None, image, None, None, image.received_at
    row.text = row.raw_text = text
    row.confidence, row.candidates, row.characters = 0.2, [{"text": f"{text}7", "confidence": 0.1}], []
    row.save(force_insert=True)
    RecognitionRun.objects.filter(image=image).update(status=RunStatus.DONE, reason="")


def visit(images: QuerySet[Image]) -> None:
    """One visit with some pictures of a camera, and its vehicles."""
    camera = images[0].camera
    first, last = images.earliest("received_at").received_at, images.latest("received_at").received_at
    whole = Visit.objects.create(camera=camera, started_at=first, ended_at=last, closed_at=last)
    images.update(visit=whole)
    Visit.objects.filter(images=None).delete()  # those that the pictures joined when they came
    merge_sightings(whole.pk, closing=True)
