"""A year of counts of many cameras, as hourly rows and days; no pictures behind them."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from cameras.changes import HOUR
from cameras.models import Camera, Node
from rollups.columns import StageName
from rollups.models import Ledger, ThingsHour, TrafficHour, WorkHour
from rollups.spans import hours_of
from rollups.writing import write_day

CAMERAS, DAYS, BATCH = 20, 365, 2000
LABELS = ("car", "person", "truck", "dog", "bicycle", "cat", "bus", "bird")


def fill(cameras: int = CAMERAS, days: int = DAYS) -> None:
    """Make them, ending today; every camera sends in every hour, least at night."""
    chance = random.Random(1)
    nodes = Node.objects.bulk_create(Node(name=f"node{n}") for n in range(cameras))
    rows = Camera.objects.bulk_create(Camera(node=node, view=f"View {n}") for n, node in enumerate(nodes))
    made: dict[Any, list[Any]] = {TrafficHour: [], ThingsHour: [], WorkHour: []}
    for day in all_days(days):
        for camera in rows:
            for row in rows_of(day, camera, chance):
                made[type(row)].append(row)
        for model, waiting in made.items():
            if len(waiting) > BATCH:
                model.objects.bulk_create(waiting, batch_size=BATCH)
                waiting.clear()
    for model, waiting in made.items():
        model.objects.bulk_create(waiting, batch_size=BATCH)
    for day in all_days(days):
        write_day(day)
    Ledger.objects.update_or_create(pk=1, defaults={"finished_at": timezone.now()})


def all_days(days: int) -> Iterator[date]:
    """The last days, the oldest first."""
    today = timezone.localdate()
    return (today - timedelta(days=number) for number in reversed(range(days)))


def rows_of(day: date, camera: Camera, chance: random.Random) -> Iterator[Any]:
    """The rows of one camera and day."""
    span = hours_of(day)
    weight = 1.5 if camera.view.endswith("0") else 0.3 + chance.random() * 0.6
    weekend = 0.6 if day.weekday() > 4 else 1.0
    at = span.first
    while at < span.last and at < timezone.now():
        hour = timezone.localtime(at).hour
        busy = weight * weekend * (1.15 - math.cos((hour - 3) / 12 * math.pi))
        images = 1 + int(busy * chance.uniform(2, 9))
        visits = 1 + images // 6
        seen = {"known": visits // 3, "unknown": visits - visits // 3, "unread": chance.randrange(2)}
        seen |= {"watch": int(chance.random() > 0.97), "ignore": int(chance.random() > 0.9)}
        sent = {"images": images, "bytes": images * chance.randrange(90_000, 210_000), "visits": visits}
        yield TrafficHour(camera=camera, at=at, **sent, **seen)
        for number, label in enumerate(LABELS[: 3 + chance.randrange(4)]):
            yield ThingsHour(camera=camera, at=at, label=label, things=1 + int(images * chance.random() / (number + 1)))
        for stage, buckets in ((StageName.INDEX, (0, 1)), (StageName.DETECT, (1, 3)), (StageName.PLATES, (3, 6))):
            late = int(images * chance.random() * 0.2)
            counts = {f"within_{buckets[0]}": images - late, f"within_{buckets[1]}": late}
            yield WorkHour(camera=camera, at=at, stage=stage, done=images, work_ms=images * 61.0, **counts)
        at += HOUR
