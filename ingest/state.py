"""How things stand: what `manage.py status` and /readyz tell."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, TypeVar

import redis

from cameras.models import Event, Image, RunStatus, Visit
from cloud import state as cloud_state
from detections.models import Detection, DetectionRun
from ingest import broker_settings, load, queues
from ingest.outboxes import opened, outbox_files
from ingest.receiver_state import receiver_state
from ingest.workers import worker_states
from plates.models import PlateReading, RecognitionRun, Sighting

log = logging.getLogger(__name__)
T = TypeVar("T")


def collect() -> dict[str, Any]:
    """Counts of everything kept and of everything that waits.

    A run counts once its stage has ended; of several detections of one thing one counts; `waiting` counts the images
    that a stage has still to look at. `queues`, `queue_ages` (seconds) and `workers` are None where the broker does not
    answer.
    """
    receiver = receiver_state()
    return {
        "images": Image.objects.count(),
        "events": Event.objects.count(),
        "heartbeats": receiver.get("heartbeats", 0),
        "detection_runs": DetectionRun.objects.exclude(status=RunStatus.QUEUED).count(),
        "detections": Detection.objects.things().count(),
        "recognition_runs": RecognitionRun.objects.exclude(status=RunStatus.QUEUED).count(),
        "plate_readings": PlateReading.objects.count(),
        "visits": Visit.objects.count(),
        "open_visits": Visit.objects.filter(closed_at=None).count(),
        "sightings": Sighting.objects.count(),
        "waiting": {
            "detection": DetectionRun.objects.filter(status=RunStatus.QUEUED).count(),
            "recognition": RecognitionRun.objects.filter(status=RunStatus.QUEUED).count(),
        },
        "put_off": {
            "detection": DetectionRun.objects.filter(load.PUT_OFF).count(),
            "recognition": RecognitionRun.objects.filter(load.PUT_OFF).count(),
        },
        "failed": {
            "detection": DetectionRun.objects.filter(status=RunStatus.FAILED).count(),
            "recognition": RecognitionRun.objects.filter(status=RunStatus.FAILED).count(),
        },
        "outbox": outbox_state(),
        "queues": queue_state(),
        "queue_ages": from_broker(lambda: queues.snapshot().ages()),
        "broker_problems": from_broker(lambda: broker_settings.problems(queues.client())),
        "workers": from_broker(worker_states),
        "receiver": receiver,
        "cloud": cloud_state.as_json(),
    }


def outbox_state() -> dict[str, Any]:
    """Messages stored and not handed to the broker yet, over all receivers."""
    unpublished = 0
    for file in outbox_files():
        with opened(file) as outbox:
            unpublished += outbox.depth()
    return {"unpublished": unpublished}


def queue_state() -> dict[str, int] | None:
    """Messages in every queue, or None, logged, where the broker does not answer."""
    return from_broker(queues.depths)


def from_broker(ask: Callable[[], T]) -> T | None:
    """What the broker knows, or None, logged, where it does not answer."""
    try:
        return ask()
    except redis.RedisError as problem:
        log.error("the broker does not answer: %s", problem)
        return None
