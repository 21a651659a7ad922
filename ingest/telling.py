"""Telling whoever wants to know what has just happened: rules, in an app above this one.

It is named by its tasks, and says itself what it wants to hear of, so that a site without rules spends no message.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from celery import signature
from django.db import transaction
from django.utils import timezone

from cameras.models import Event, Image, Visit

QUEUE = "alerts"
NEWS = timedelta(hours=1)
"""What was received longer ago is history, such as what is looked at anew in bulk."""
SEEN, READ, OVER, EVENT = "seen", "read", "over", "event"
Wants = Callable[[str, int | None], bool]
_wants: list[Wants] = []


def listen(wants: Wants) -> None:
    """Have somebody told; `wants` says whether of such a thing at the camera of that number."""
    if wants not in _wants:
        _wants.append(wants)


def looked_at(image: Image, *, read: bool) -> None:
    """Objects were looked for in a picture, or, where `read`, its number plates too."""
    if timezone.now() - image.received_at < NEWS and wanted(READ if read else SEEN, image.camera_id):
        send("alerts.consider_image", image_id=image.pk, read=read)


def is_over(visit: Visit) -> None:
    """No picture of a visit is expected any more. Call it in the transaction that closes it."""
    if timezone.now() - visit.ended_at < NEWS and wanted(OVER, visit.camera_id):
        transaction.on_commit(lambda: send("alerts.consider_visit", visit_id=visit.pk), robust=True)


def reported(event: Event) -> None:
    """A node reported something, or fell silent. In a transaction it is told at its end."""
    if timezone.now() - event.at < NEWS and wanted(EVENT, event.camera_id):
        transaction.on_commit(lambda: send("alerts.consider_event", event_id=event.pk), robust=True)


def wanted(what: str, camera_id: int | None) -> bool:
    """Whether anybody wants to hear of it."""
    return any(wants(what, camera_id) for wants in _wants)


def send(task: str, **about: Any) -> None:
    """Start a task of who listens."""
    signature(task, kwargs=about).apply_async(queue=QUEUE)
