"""What a person may see of the pictures that receivers show just now."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone

from accounts.models import Person
from cameras.models import Camera
from cameras.services import names
from ingest import live
from ingest.live import Shown
from web.latest import sees_all


@dataclass(frozen=True, slots=True)
class LiveCard:
    """One picture as the page shows it, and as its script is told of it."""

    slot: str
    kind: str
    title: str
    sub: str
    time: str
    picture: str
    """Where the picture is; a new one has a new address."""
    problem: str


def visible(user: Person) -> list[Shown]:
    """Tuning pictures name no camera: only who sees everything sees them. Raises `redis.RedisError`."""
    shown = live.shown()
    if sees_all(user) or not shown:
        return shown if sees_all(user) else []
    cameras = {(node, view): camera.pk for node, view, camera in names()}
    own = set(Camera.objects.visible_to(user).values_list("pk", flat=True))
    return [one for one in shown if one.kind == live.CAMERA and cameras.get((one.node, one.view)) in own]


def cards(user: Person) -> list[LiveCard]:
    """What the page shows this person, cameras first; receivers go on showing. Raises `redis.RedisError`."""
    live.watch()
    return sorted(map(card, visible(user)), key=lambda one: one.kind)


def card(one: Shown) -> LiveCard:
    """A picture in words."""
    camera = one.kind == live.CAMERA
    address = reverse("web:live_picture", args=[one.receiver, one.slot])
    return LiveCard(
        slot=f"{one.receiver}-{one.slot}",
        kind=one.kind,
        title=f"{one.node} {one.view}".strip() if camera else one.name or "(no name)",
        sub="" if camera else f"from {one.sender}",
        time=f"{timezone.localtime(one.at):%H:%M:%S}",
        picture="" if one.problem else f"{address}?number={one.number}",
        problem=one.problem,
    )
