from __future__ import annotations

import uuid

import pytest
from django.utils import timezone

from accounts.models import User
from cameras.models import Camera, Event, Visit
from cameras.services import camera_for
from tests.factories import make_image


@pytest.fixture
def pair(db: None, data_dir: object) -> tuple[Camera, Camera]:
    """A camera with five images, an event, a visit and a viewer, and one with an image."""
    old, new = camera_for("gate", "Front"), camera_for("yard", "Door")
    for _ in range(5):
        make_image(old, path=f"images/2026-11-22/gate-Front-{uuid.uuid4()}.jpg")
    make_image(new)
    now = timezone.now()
    Visit.objects.create(camera=old, started_at=now, ended_at=now)
    Event.objects.create(message_id=uuid.uuid4(), node=old.node, camera=old, kind="motion", text="x", at=now)
    old.viewers.add(User.objects.create_user("ben"))
    new.viewers.add(User.objects.create_user("cleo"))
    return old, new
