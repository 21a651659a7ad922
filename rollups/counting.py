"""Counting straight from the index: what the rows of some hours have to say."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

from django.db.models import Count, DurationField, ExpressionWrapper, F, Q, QuerySet, Sum
from django.db.models.functions import TruncHour

from cameras.models import Image, RunStatus, Visit
from detections.grouping import FAMILIES
from detections.models import Detection, DetectionRun
from plates.models import PlateList, RecognitionRun, Sighting, SightingStatus
from rollups.columns import BOUNDS, BUCKETS, StageName
from rollups.spans import Span

Key = tuple[int, datetime | date, str]
"""A camera's number, the hour (or day), and the label or stage; empty where there is none."""
Counted = dict[Key, dict[str, float]]
"""The columns of a row by what it is of."""

LOOKED = Q(status__in=[RunStatus.DONE, RunStatus.EMPTY])
ON_A_LIST = {"known": PlateList.KNOWN, "watch": PlateList.WATCH, "ignore": PlateList.IGNORE}
VEHICLES = tuple(label for label, family in FAMILIES.items() if family == "vehicle")
SHOWN = {"with_vehicle": VEHICLES, "with_person": ("person",)}
"""Labels that a picture has to show; those of one thing are of one family, so that things need no telling apart."""
UNSURE = [SightingStatus.AMBIGUOUS, SightingStatus.UNKNOWN]


def traffic(span: Span) -> Counted:
    """Pictures, their bytes, those that show a vehicle or a person, visits that began, vehicles by their plates."""
    counted: Counted = {}
    images = by_hour(span.of(Image.objects.all(), "received_at"), "received_at")
    add(counted, images.annotate(n_images=Count("pk"), n_bytes=Sum("bytes")))
    for name, labels in SHOWN.items():
        found = span.of(Detection.objects.filter(label__in=labels), "image__received_at", "image__camera")
        shown = by_hour(found, "image__received_at", "image__camera")
        add(counted, shown.annotate(**{f"n_{name}": Count("image", distinct=True)}))
    visits = by_hour(span.of(Visit.objects.all(), "started_at"), "started_at")
    add(counted, visits.annotate(n_visits=Count("pk")))
    states = {name: Q(plate__list=one) for name, one in ON_A_LIST.items()}
    listed = Q(plate__list__in=list(ON_A_LIST.values()))
    states["unread"] = Q(plate=None, status__in=UNSURE)
    states["unknown"] = Q(plate__isnull=False) & ~listed | Q(plate=None) & ~Q(status__in=UNSURE)
    sightings = by_hour(span.of(Sighting.objects.all(), "at", "visit__camera"), "at", "visit__camera")
    add(counted, sightings.annotate(**{f"n_{name}": Count("pk", filter=one) for name, one in states.items()}))
    return counted


def things(span: Span) -> Counted:
    """Things by label, each thing of each picture once."""
    found = span.of(Detection.objects.things(), "image__received_at", "image__camera")
    counted: Counted = {}
    rows = by_hour(found, "image__received_at", "image__camera", what=F("label"))
    add(counted, rows.annotate(n_things=Count("pk")))
    return counted


def work(span: Span) -> Counted:
    """What every stage did."""
    counted: Counted = {}
    images = span.of(Image.objects.all(), "received_at")
    rows = by_hour(took(images, "received_at", "registered_at"), "received_at")
    add(counted, rows.annotate(n_done=Count("pk"), **waits(Q())), StageName.INDEX)
    for stage, runs in ((StageName.DETECT, DetectionRun), (StageName.PLATES, RecognitionRun)):
        found = span.of(runs._default_manager.all(), "image__received_at", "image__camera")
        rows = by_hour(took(found, "queued_at", "finished_at"), "image__received_at", "image__camera")
        add(counted, rows.annotate(**ends(), **waits(LOOKED)), stage)
    return counted


def by_hour(rows: QuerySet[Any, Any], at: str, camera: str = "camera", what: Any = None) -> QuerySet[Any, Any]:
    """Rows grouped by camera, by hour, and by what else is said."""
    groups: dict[str, Any] = {"of": F(camera), "hour": TruncHour(at, tzinfo=UTC)}
    grouped: QuerySet[Any, Any] = rows.values(**groups, **({"what": what} if what else {}))
    return grouped


def took(rows: QuerySet[Any, Any], begun: str, ended: str) -> QuerySet[Any, Any]:
    """Rows with the time between two of their columns."""
    timed: QuerySet[Any, Any] = rows.annotate(took=ExpressionWrapper(F(ended) - F(begun), output_field=DurationField()))
    return timed


def ends() -> dict[str, Any]:
    """How many runs ended how, and how long those worked that looked."""
    names = {"failed": RunStatus.FAILED, "skipped": RunStatus.SKIPPED, "waiting": RunStatus.QUEUED}
    counts: dict[str, Any] = {f"n_{name}": Count("pk", filter=Q(status=one)) for name, one in names.items()}
    return {"n_done": Count("pk", filter=LOOKED), "n_work_ms": Sum("duration_ms", filter=LOOKED)} | counts


def waits(which: Q) -> dict[str, Any]:
    """How many of some rows took how long; those of which it is not known are in no bucket."""
    edges = [None, *(timedelta(seconds=one) for one in BOUNDS), None]
    found = {}
    for name, (low, high) in zip(BUCKETS, pairwise(edges), strict=True):
        least = Q(took__gt=low) if low else Q()
        most = Q(took__lte=high) if high else Q()
        found[f"n_{name}"] = Count("pk", filter=which & least & most)
    return found


def add(counted: Counted, rows: QuerySet[Any, Any], what: str = "") -> None:
    """Write the counts of grouped rows into what was counted; `n_` stands before the names of columns."""
    for row in rows:
        key = (row["of"], row["hour"], row.get("what", what))
        facts = {name[2:]: round(value or 0, 1) for name, value in row.items() if name.startswith("n_")}
        if any(facts.values()):
            counted.setdefault(key, {}).update(facts)
