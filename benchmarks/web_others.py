"""What a site has beside its pictures: nodes, cameras and people at first; what people and the purge did at last."""

from __future__ import annotations

import uuid
from datetime import timedelta

from axes.models import AccessAttempt
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from accounts.models import User
from benchmarks.web_rows import CAMERAS, NODES
from cameras.models import Camera, CameraAlias, ChangedHour, DeadLetter, Image, Node, NodeAlias, Purge, Tombstone, Zone
from cloud.models import CallStatus, CloudCall, CloudDay, CloudState
from plates.models import Correction, CorrectionKind, Plate, PlateAlias, PlateReading, PlateSettings

PEOPLE, FEW = 40, 200
STAFF, LIMITED = "staff", "limited"


def before() -> None:
    """Nodes and cameras, numbered from 1, and people; `limited` sees two cameras."""
    now = timezone.now()
    nodes = Node.objects.bulk_create(Node(id=n + 1, name=f"node{n}", last_seen_at=now) for n in range(NODES))
    names = [(node, f"View {number}") for number in range(CAMERAS // NODES) for node in nodes]
    cameras = Camera.objects.bulk_create(
        Camera(id=n + 1, node=node, view=view, rois={"gate": [[10, 10], [90, 90]]})
        for n, (node, view) in enumerate(names)
    )
    NodeAlias.objects.bulk_create(NodeAlias(name=f"was{one.name}", node=one) for one in nodes)
    CameraAlias.objects.bulk_create(CameraAlias(node=one.node, view=f"was {one.view}", camera=one) for one in cameras)
    corners = [[0.1, 0.1], [0.9, 0.1], [0.9, 0.9]]
    Zone.objects.bulk_create(Zone(camera=one, name="drive", points=corners) for one in cameras)
    people = User.objects.bulk_create(
        User(username=f"person{n}", only_chosen_cameras=True, password="!") for n in range(PEOPLE)
    )
    User.objects.create_superuser(STAFF)
    limited = User.objects.create_user(LIMITED, only_chosen_cameras=True)
    for camera in cameras:
        camera.viewers.set(people[:12])
    limited.chosen_cameras.set(cameras[4:6])


def after() -> None:
    """Corrections, what was set aside and purged, calls of the service, the history of the admin."""
    now, staff = timezone.now(), User.objects.get(username=STAFF)
    images = list(Image.objects.order_by("-pk")[:FEW])
    readings = list(PlateReading.objects.filter(plate__isnull=False).select_related("plate").order_by("-pk")[:FEW])
    DeadLetter.objects.bulk_create(
        DeadLetter(task="object detection", subject=str(one.pk), image=one, reason="no memory") for one in images
    )
    Tombstone.objects.bulk_create(
        (Tombstone(message_id=uuid.uuid4(), path=f"images/2020-01-01/{n}.jpg") for n in range(100 * FEW)),
        batch_size=5000,
    )
    Purge.objects.bulk_create(Purge(why="older than 365 days", images=n) for n in range(10 * FEW))
    ChangedHour.objects.bulk_create(ChangedHour(camera_id=one.camera_id, at=one.received_at) for one in images[:5])
    Correction.objects.bulk_create(
        Correction(
            kind=CorrectionKind.READING,
            was=f"X{one.text[1:]}",
            text=one.text,
            plate=one.plate,
            readings=1,
            by=staff,
            before={"readings": [[one.pk]]},
        )
        for one in readings
    )
    texts = list(Plate.objects.order_by("-pk")[:FEW])
    PlateAlias.objects.bulk_create(PlateAlias(text=f"{one.text}Z", plate=one, created_by=staff) for one in texts)
    PlateSettings.objects.create()
    cloud(images)
    later = now + timedelta(days=3650)  # since old ones are removed with every login
    AccessAttempt.objects.bulk_create(
        AccessAttempt(username=f"guess{n}", ip_address="192.0.2.1", failures_since_start=2, attempt_time=later)
        for n in range(FEW)
    )
    kind = ContentType.objects.get_for_model(Image)
    LogEntry.objects.bulk_create(
        LogEntry(user=staff, content_type=kind, object_id=str(one.pk), object_repr=str(one), action_flag=CHANGE)
        for one in images
    )


def cloud(images: list[Image]) -> None:
    """Calls of Plate Recognizer, and its days."""
    now = timezone.now()
    CloudCall.objects.bulk_create(
        CloudCall(image=one, status=CallStatus.ANSWERED, begun_at=one.received_at, duration_ms=300) for one in images
    )
    CloudDay.objects.bulk_create(CloudDay(day=now.date() - timedelta(days=n), calls=5) for n in range(FEW))
    CloudState.objects.create(next_call_at=now, paused_until=now)
