"""Many rows of every kind in a database of their own, for the pages to read."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.utils import timezone

from accounts.models import User
from cameras.models import Camera, CameraAlias, DeadLetter, Event, Image, Node, NodeAlias, RunStatus, Tombstone, Visit
from detections.models import Detection, DetectionRun
from plates.models import Plate, PlateReading, RecognitionRun, Sighting

NODES, VIEWS, PLATES, PEOPLE = 10, 3, 300, 40
IMAGES, EVENTS, VISITS = 3000, 3000, 300
STEP = timedelta(minutes=1)


def fill() -> None:
    """Make them all; the person `limited` sees two cameras."""
    now = timezone.now()
    cameras = make_cameras()
    visits = Visit.objects.bulk_create(
        Visit(camera=cameras[n % len(cameras)], started_at=now - n * STEP, ended_at=now - n * STEP)
        for n in range(VISITS)
    )
    plates = Plate.objects.bulk_create(Plate(text=f"AB{n:05}", owner=f"owner {n}") for n in range(PLATES))
    images = make_images(cameras, visits, now)
    make_findings(images, plates)
    make_others(cameras, images, now)
    Sighting.objects.bulk_create(
        Sighting(visit=one, plate=plates[n], text=plates[n].text, best_image=images[n], at=one.started_at)
        for n, one in enumerate(visits)
    )


def make_cameras() -> list[Camera]:
    """Nodes with their cameras, aliases of them, and people."""
    nodes = Node.objects.bulk_create(Node(name=f"node{n}", last_seen_at=timezone.now()) for n in range(NODES))
    cameras = Camera.objects.bulk_create(Camera(node=one, view=f"view{n}") for one in nodes for n in range(VIEWS))
    NodeAlias.objects.bulk_create(NodeAlias(name=f"was{one.name}", node=one) for one in nodes)
    CameraAlias.objects.bulk_create(CameraAlias(node=one.node, view=f"was{one.view}", camera=one) for one in cameras)
    people = User.objects.bulk_create(
        User(username=f"person{n}", only_chosen_cameras=True, password="!") for n in range(PEOPLE)
    )
    User.objects.create_superuser("staff")
    limited = User.objects.create_user("limited", only_chosen_cameras=True)
    for camera in cameras:
        camera.viewers.set(people[:12])
    limited.chosen_cameras.set(cameras[:2])
    return cameras


def make_images(cameras: list[Camera], visits: list[Visit], now: datetime) -> list[Image]:
    """Pictures of all cameras by turns, without files."""
    return Image.objects.bulk_create(
        Image(
            message_id=uuid.uuid4(),
            camera=cameras[n % len(cameras)],
            path=f"images/2026-05-17/{n}.jpg",
            bytes=1000,
            width=1280,
            height=960,
            received_at=now - n * STEP,
            visit=visits[n % VISITS],
        )
        for n in range(IMAGES)
    )


def make_findings(images: list[Image], plates: list[Plate]) -> None:
    """Both stages of every picture, with two objects and a plate."""
    done = {"status": RunStatus.DONE, "queued_at": images[0].received_at}
    DetectionRun.objects.bulk_create(DetectionRun(image=one, **done) for one in images)
    RecognitionRun.objects.bulk_create(RecognitionRun(image=one, **done) for one in images)
    box = {"x1": 10.0, "y1": 20.0, "x2": 300.0, "y2": 200.0}
    Detection.objects.bulk_create(
        Detection(image=one, label=label, confidence=0.9, **box) for one in images for label in ("car", "person")
    )
    PlateReading.objects.bulk_create(
        PlateReading(
            image=one, plate=plates[n % PLATES], text=plates[n % PLATES].text, confidence=0.9, at=one.received_at, **box
        )
        for n, one in enumerate(images)
    )


def make_others(cameras: list[Camera], images: list[Image], now: datetime) -> None:
    """Events of cameras and sensors, what was set aside and what was purged."""
    Event.objects.bulk_create(
        Event(
            message_id=uuid.uuid4(),
            node=cameras[n % len(cameras)].node,
            camera=cameras[n % len(cameras)] if n % 2 else None,
            kind="motion" if n % 2 else f"sensor{n % 30}",
            number=None if n % 2 else 21.5,
            text="an event",
            at=now - n * STEP,
        )
        for n in range(EVENTS)
    )
    DeadLetter.objects.bulk_create(
        DeadLetter(task="object detection", subject=str(one.pk), image=one, reason="no memory") for one in images[:200]
    )
    Tombstone.objects.bulk_create(Tombstone(message_id=uuid.uuid4(), path=f"images/x/{n}.jpg") for n in range(200))
