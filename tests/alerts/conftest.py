from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from alerts import compiled, outbox
from alerts.models import Channel, Rule
from cameras.models import Camera, Event, Image, Visit
from cameras.services import node_for
from detections.models import Detection
from tests.factories import make_camera, make_image

MakeRule = Callable[..., Rule]
PERSON: dict[str, Any] = {"kind": "visit", "labels": ["person"]}


@pytest.fixture
def camera(db: None, data_dir: object) -> Camera:
    return make_camera(message="at the back door")


@pytest.fixture
def handed_over(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The channels for which a worker was asked to send."""
    found: list[int] = []
    monkeypatch.setattr(outbox, "send_now", found.append)
    return found


@pytest.fixture
def channel(db: None) -> Channel:
    return Channel.objects.create(name="Wall", kind="speech")


@pytest.fixture
def make_rule(channel: Channel, handed_over: list[int]) -> Iterator[MakeRule]:
    """Makes a rule with one channel."""

    def made(*conditions: dict[str, Any], **facts: Any) -> Rule:
        facts = {"name": f"rule {uuid.uuid4().hex[:6]}", "cooldown_seconds": 0, "group_seconds": 0} | facts
        rule = Rule(conditions=list(conditions), **facts)
        rule.full_clean()
        rule.save()
        rule.channels.add(channel)
        return rule

    yield made
    compiled.forget()


def see(camera: Camera, *things: tuple[str, float], at: datetime | None = None, visit: Visit | None = None) -> Image:
    """A picture with things in it, of a visit of its own unless one is given."""
    at = at or timezone.now()
    visit = visit or Visit.objects.create(camera=camera, started_at=at, ended_at=at)
    image = make_image(camera, at, visit=visit)
    for label, score in things:
        Detection.objects.create(image=image, label=label, confidence=score, x1=500, y1=400, x2=700, y2=480)
    return image


def report(text: str, camera: Camera | None = None, *, ago: float = 0, number: float | None = None) -> Event:
    """An event such as `light lighted`, or `motion moving porch`, so many seconds ago."""
    kind, value, *rest = text.split()
    return Event.objects.create(
        message_id=uuid.uuid4(),
        node=camera.node if camera else node_for("gate"),
        camera=camera,
        kind=kind,
        value=value,
        roi=rest[0] if rest else "",
        number=number,
        text=text,
        at=timezone.now() - timedelta(seconds=ago),
    )
