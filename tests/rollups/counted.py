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
from rollups.models import ThingsDay, ThingsHour, TrafficDay, TrafficHour, WorkDay, WorkHour
from rollups.writing import columns

Figures = Counter[tuple[Any, ...]]
"""By table, camera, hour or day, label or stage, and column."""
TABLES: dict[str, tuple[Any, Any]] = {
    "traffic": (TrafficHour, TrafficDay),
    "things": (ThingsHour, ThingsDay),
    "work": (WorkHour, WorkDay),
}


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


def expected() -> tuple[Figures, Figures]:
    """Figures by hour and by day."""
    hours: Figures = Counter()
    days: Figures = Counter()

    def add(table: str, camera: int, at: datetime, what: str, column: str, number: float = 1) -> None:
        hours[table, camera, hour(at), what, column] += number  # type: ignore[assignment]
        days[table, camera, day(at), what, column] += number  # type: ignore[assignment]

    for image in Image.objects.all():
        facts = (image.camera_id, image.received_at)
        add("traffic", *facts, "", "images")
        add("traffic", *facts, "", "bytes", image.bytes)
        add("work", *facts, "index", "done")
        add("work", *facts, "index", bucket((image.registered_at - image.received_at) / timedelta(seconds=1)))
    for visit in Visit.objects.all():
        add("traffic", visit.camera_id, visit.started_at, "", "visits")
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
    return rounded(hours), rounded(days)


def rounded(figures: Figures) -> Figures:
    return Counter({key: round(value, 0) for key, value in figures.items() if round(value, 0)})


def stored() -> tuple[Figures, Figures]:
    """What the tables say."""
    found: tuple[Figures, Figures] = (Counter(), Counter())
    for table, models in TABLES.items():
        for figures, model in zip(found, models, strict=True):
            for row in model._default_manager.all():
                what = "".join(getattr(row, name) for name in model.KEYS)
                for column in columns(model):
                    figures[table, row.camera_id, row.at, what, column] += getattr(row, column)
    return rounded(found[0]), rounded(found[1])


def check() -> None:
    """Fail where a table says anything else than direct counting, after what changed was counted."""
    catch_up()
    for told, wanted in zip(stored(), expected(), strict=True):
        assert told == wanted, (told - wanted, wanted - told)
