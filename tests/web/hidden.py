"""Cameras of which a limited viewer sees one; everything of the others carries marks that no answer may contain."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from accounts.models import User
from alerts.models import Message
from cameras.models import Camera, CameraAlias, DeadLetter, Event, Image, Node, NodeAlias, RunStatus, Tombstone, Visit
from plates.models import Correction, Plate, PlateAlias, PlateReading, Sighting
from rollups import services
from tests.web.making import JPEG, add_object, add_reading, finish, make_camera, make_image

MARK = "zqzq"
"""Part of every text and file that is hidden, in either case; no page says it for another reason."""
BYTES = f"\xff\xd8 bytes of a hidden camera {MARK} \xff\xd9".encode("latin-1")
Values = dict[str, list[object]]


@dataclass(frozen=True, slots=True)
class Site:
    """The limited viewer, and what stands for the arguments of addresses: rows to see, and hidden ones."""

    viewer: User
    own: Values
    hidden: Values


def make_site() -> Site:
    """A camera to see, one beside it on the same node and one elsewhere, each with a row of every kind."""
    viewer = User.objects.create_user("cleo", password="secret", only_chosen_cameras=True)
    camera = make_camera("gate", "Driveway")
    camera.viewers.add(viewer)
    elsewhere = make_camera(f"far{MARK}", f"pool{MARK}")
    beside = Camera.objects.create(node=camera.node, view=f"door{MARK}")
    own = fill(camera, "OWN", str)
    hidden = [fill(elsewhere, "ZQZQ1", marked), fill(beside, "ZQZQ2", marked)]
    tell_of_nodes(elsewhere, camera.node)
    share_a_plate(camera, elsewhere)
    while services.count():
        pass
    nodes: Values = {"node_id": [elsewhere.node_id]}
    return Site(
        viewer,
        values([own]) | {"node_id": [camera.node_id]},
        values(hidden) | nodes | {"object_id": [1, elsewhere.node_id, beside.pk], "id": [viewer.pk]},
    )


def marked(text: str) -> str:
    """The text of a hidden row."""
    return text + MARK


def values(rows: list[dict[str, int]]) -> Values:
    """The numbers of rows by the names of arguments, and something for all other arguments."""
    return {
        **{name: [one[name] for one in rows] for name in rows[0]},
        "object_id": [],
        "id": [],
        "content_type_id": [1, 9],
        "app_label": ["cameras", "plates"],
        "url": ["cameras/image", "nothing"],
        "receiver_id": ["hub"],
        "slot": ["0123456789abcdef"],
        "chart": ["objects", "cameras", "storage"],
        "uidb64": ["MQ"],
        "token": ["set-password", "abc-def"],
        **{"rule_id": [1], "channel_id": [1], "delivery_id": [1], "slug": ["moving"]},
    }


def fill(camera: Camera, plate_text: str, say: Callable[[str], str]) -> dict[str, int]:
    """A row of every kind for a camera; the numbers of those that addresses name."""
    now = timezone.now()
    visit = Visit.objects.create(camera=camera, started_at=now - timedelta(seconds=2), ended_at=now, closed_at=now)
    where = f"images/2026-05-17/{say(uuid.uuid4().hex)}.jpg"
    image = make_image(camera, now, visit=visit, path=where, width=1280, height=960)
    add_object(image, say("label"))
    finish(image, RunStatus.DONE, RunStatus.DONE, reason=say("reason"))
    plate = Plate.objects.create(text=plate_text, owner=say("owner"), colour=say("colour"), vehicle_type=say("type"))
    like = [{"plate": plate.pk, "text": plate_text, "cost": 0.1}]
    seen = Sighting.objects.create(visit=visit, plate=plate, text=plate_text, best_image=image, at=now, matches=like)
    facts = {"raw_text": say("raw"), "candidates": [{"text": say("other")}], "sighting": seen}
    reading = add_reading(image, plate_text, plate=plate, **facts)
    corrected = Correction.objects.create(kind="reading", was=plate_text, text=plate_text, plate=plate, readings=1)
    PlateAlias.objects.create(text=f"{plate_text}X", plate=plate)
    facts = {"kind": say("kind"), "value": say("value"), "text": say("text"), "roi": say("roi")}
    Event.objects.create(message_id=uuid.uuid4(), node=camera.node, camera=camera, at=now, **facts)
    event = Event.objects.filter(camera=camera).latest("pk")
    told = {"camera": camera, "visit": visit, "event": event, "image": image, "at": now, "updated_at": now}
    Message.objects.create(rule_name=say("rule"), text=say("told"), **told)
    camera.zones.create(name=say("zone"), points=[[0, 0], [1, 0], [1, 1]])
    DeadLetter.objects.create(task="x", subject=str(image.pk), image=image, reason=say("letter"))
    Tombstone.objects.create(message_id=uuid.uuid4(), path=f"images/{say(plate_text)}.jpg")
    Camera.objects.filter(pk=camera.pk).update(message=say("message"), rois={say("area"): [[1, 1], [9, 9]]})
    if say is marked:
        Image.objects.filter(pk=image.pk).update(problem=say("problem"))
    image.preview.parent.mkdir(parents=True, exist_ok=True)
    for path in (image.file, image.thumbnail, image.preview):
        path.write_bytes(BYTES if say is marked else JPEG)
    rows = {"event": event, "image": image, "camera": camera, "plate": plate, "visit": visit, "reading": reading}
    return {f"{name}_id": row.pk for name, row in (rows | {"sighting": seen, "correction": corrected}).items()}


def tell_of_nodes(elsewhere: Camera, own: Node) -> None:
    """What nodes say of themselves, and the sensor of the viewer's own node, which belongs to no camera."""
    facts = {name: marked(name) for name in ("hostname", "ip", "system", "ram")}
    Node.objects.filter(pk__in=[own.pk, elsewhere.node_id]).update(**facts)
    Node.objects.filter(pk=elsewhere.node_id).update(silent_since=timezone.now())
    NodeAlias.objects.create(name=marked("earlier"), node=own)
    CameraAlias.objects.create(node=own, view=marked("merged"), camera=elsewhere)
    said = {name: marked(name) for name in ("kind", "value", "unit", "text")}
    Event.objects.create(message_id=uuid.uuid4(), node=own, number=21.5, at=timezone.now(), **said)


def share_a_plate(camera: Camera, elsewhere: Camera) -> None:
    """A plate that two cameras read: the viewer may know the plate, and the own camera's reading only."""
    plate = Plate.objects.create(text="SHARED")
    add_reading(make_image(camera), "SHARED", plate=plate)
    image = make_image(elsewhere, path=f"images/2026-05-17/{marked('shared')}.jpg")
    add_reading(image, "SHARED", plate=plate, raw_text=marked("raw"), candidates=[{"text": marked("other")}])
    assert PlateReading.objects.filter(plate=plate).count() == 2
