"""What the tables should say, counted row by row without any of the product's queries."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.utils import timezone

from cameras.models import Image, RunStatus, Visit
from detections.models import Detection, DetectionRun
from plates.models import RecognitionRun, Sighting
from rollups import services
from rollups.columns import BOUNDS
from rollups.models import (
    ThingsDay,
    ThingsHour,
    ThingsSite,
    TrafficDay,
    TrafficHour,
    TrafficSite,
    VisitsDay,
    VisitsSite,
    WorkDay,
    WorkHour,
    WorkSite,
)
from rollups.writing import columns, has_camera

Figures = Counter[tuple[Any, ...]]
"""By table, camera, hour or day, label or stage, and column."""
TABLES: dict[str, tuple[Any, ...]] = {
    "traffic": (TrafficHour, TrafficDay, TrafficSite),
    "things": (ThingsHour, ThingsDay, ThingsSite),
    "work": (WorkHour, WorkDay, WorkSite),
    "clock": (None, VisitsDay, VisitsSite),
}
SITE = 0
"""Stands for the camera in figures of the whole site."""
VEHICLES = {"bicycle", "car", "motorcycle", "airplane", "bus", "train", "truck", "boat"}


def catch_up() -> None:
    while services.count():
        pass


def hour(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def day(at: datetime) -> date:
    return timezone.localtime(hour(at)).date()


def state(sighting: Sighting) -> str:
    if sighting.plate:
        return str(sighting.plate.list) or "unknown"
    return "unread" if sighting.status in {"ambiguous", "unknown"} else "unknown"


def bucket(seconds: float) -> str:
    return f"within_{sum(seconds > bound for bound in BOUNDS)}"


def expected() -> tuple[Figures, Figures, Figures]:
    """Figures by hour, by day, and by day of the whole site."""
    hours: Figures = Counter()
    days: Figures = Counter()
    site: Figures = Counter()

    def add(table: str, camera: int, at: datetime, what: str, column: str, number: float = 1) -> None:
        hours[table, camera, hour(at), what, column] += number  # type: ignore[assignment]
        add_day(table, camera, at, what, column, number)

    def add_day(table: str, camera: int, at: datetime, what: str, column: str, number: float = 1) -> None:
        days[table, camera, day(at), what, column] += number  # type: ignore[assignment]
        site[table, SITE, day(at), what, column] += number  # type: ignore[assignment]

    for image in Image.objects.all():
        facts = (image.camera_id, image.received_at)
        add("traffic", *facts, "", "images")
        add("traffic", *facts, "", "bytes", image.bytes)
        labels = {one.label for one in image.detections.all()}
        add("traffic", *facts, "", "with_vehicle", bool(labels & VEHICLES))
        add("traffic", *facts, "", "with_person", "person" in labels)
        add("work", *facts, "index", "done")
        add("work", *facts, "index", bucket((image.registered_at - image.received_at) / timedelta(seconds=1)))
    for visit in Visit.objects.all():
        add("traffic", visit.camera_id, visit.started_at, "", "visits")
        began = timezone.localtime(hour(visit.started_at)).hour
        add_day("clock", visit.camera_id, visit.started_at, "", f"hour_{began}")
    for sighting in Sighting.objects.select_related("visit", "plate"):
        add("traffic", sighting.visit.camera_id, sighting.at, "", state(sighting))
    for one in Detection.objects.filter(shadowed=False).select_related("image"):
        add("things", one.image.camera_id, one.image.received_at, one.label, "things")
    for stage, model in (("detect", DetectionRun), ("plates", RecognitionRun)):
        for run in model._default_manager.select_related("image"):
            facts = (run.image.camera_id, run.image.received_at)
            names = {RunStatus.FAILED: "failed", RunStatus.SKIPPED: "skipped", RunStatus.QUEUED: "waiting"}
            add("work", *facts, stage, names.get(RunStatus(run.status), "done"))
            if run.status in {"done", "empty"}:
                add("work", *facts, stage, "work_ms", run.duration_ms or 0)
                if run.finished_at:
                    add("work", *facts, stage, bucket((run.finished_at - run.queued_at) / timedelta(seconds=1)))
    return rounded(hours), rounded(days), rounded(site)


def rounded(figures: Figures) -> Figures:
    return Counter({key: round(value, 0) for key, value in figures.items() if round(value, 0)})


def stored() -> tuple[Figures, Figures, Figures]:
    """What the tables say."""
    found: tuple[Figures, Figures, Figures] = (Counter(), Counter(), Counter())
    for table, models in TABLES.items():
        for figures, model in zip(found, models, strict=True):
            for row in model._default_manager.all() if model else ():
                camera = row.camera_id if has_camera(model) else SITE
                what = "".join(getattr(row, name) for name in model.KEYS)
                for column in columns(model):
                    figures[table, camera, row.at, what, column] += getattr(row, column)
    return rounded(found[0]), rounded(found[1]), rounded(found[2])


def check() -> None:
    """Fail where a table says anything else than direct counting, after what changed was counted."""
    catch_up()
    for told, wanted in zip(stored(), expected(), strict=True):
        assert told == wanted, (told - wanted, wanted - told)
