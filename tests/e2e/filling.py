"""What the site of these tests has beside the demo's traffic; runs inside the site, by `manage.py shell`."""

from __future__ import annotations

import os
import uuid
from datetime import datetime, timedelta

from django.utils import timezone

from accounts.models import User
from cameras.models import Camera, Image, RunStatus, Visit
from cameras.services import camera_for
from detections.models import Detection, DetectionRun
from plates.models import RecognitionRun
from rollups import services

PASSWORD = "correct horse battery"
VIEWER, LIMITED = "ben", "cleo"
"""Ben sees all cameras, Cleo the camera "yard Barn" alone."""
PAST_DAYS = {1: 40, 2: 35}
"""How many pictures of the camera "street Corner" there are of days that are so many days ago."""


def fill() -> None:
    """Make the people, two past days of pictures, and visits, and count them."""
    User.objects.create_user(VIEWER, password=PASSWORD)
    limited = User.objects.create_user(LIMITED, password=PASSWORD, only_chosen_cameras=True)
    Camera.objects.get(node__name="yard", view="Barn").viewers.add(limited)
    model = Image.objects.filter(camera__node__name="gate").latest("received_at")
    for days, count in PAST_DAYS.items():
        noon = (timezone.localtime() - timedelta(days=days)).replace(hour=12, minute=0, second=0)
        for number in range(count):
            copy(model, camera_for("street", "Corner"), noon + timedelta(seconds=20 * number))
    for camera in Camera.objects.all():
        visit(camera)
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


def visit(camera: Camera) -> None:
    """One visit with all the pictures of a camera."""
    images = Image.objects.filter(camera=camera)
    first, last = images.earliest("received_at").received_at, images.latest("received_at").received_at
    Visit.objects.filter(camera=camera).delete()  # those that the pictures joined when they came
    images.update(visit=Visit.objects.create(camera=camera, started_at=first, ended_at=last, closed_at=last))
