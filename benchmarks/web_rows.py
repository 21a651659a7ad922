"""A year of a site: pictures in bursts that are visits, what was found on them, plates that come back, events."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

from benchmarks.web_plates import make_plates
from benchmarks.web_sql import chance, execute, insert, pick, uuid_of
from cameras.models import Event, Image, Visit
from cloud.models import CloudRun
from detections.models import Detection, DetectionRun
from plates.models import PlateReading, RecognitionRun, Sighting

CAMERAS, NODES, DAYS = 20, 10, 365
BURST = 8
"""Pictures of a visit, a second apart."""
THINGS = 3
LABELS = {"car": 0.46, "truck": 0.08, "dog": 0.06, "bicycle": 0.05, "cat": 0.04, "bus": 0.01, "person": 0}
KINDS = {"light": 0.05, "Temp": 0.1, "humidity": 0.1, "Restart": 0.001, "motion": 0}
SENSORS = "'Temp', 'humidity', 'Restart'"
KEPT, BEARS = 2000, 600
"""What people keep, and what hardly ever comes: as much in both databases, so that their pages show as much."""
FOUND = {"empty": 0.06, "skipped": 0.02, "failed": 0.001, "done": 0}
BOX = {"x1": "100", "y1": "200", "x2": "400", "y2": "420"}


def fill(pictures: int, say: Callable[[str], None] = print) -> None:
    """Fill an empty database that has cameras and nodes, numbered from 1."""
    for name in ("unique_checks", "foreign_key_checks"):
        execute(f"SET SESSION {name} = 0")
    begun = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=DAYS)
    visits = pictures // BURST
    steps: dict[str, Callable[[], None]] = {
        "visits": lambda: make_visits(visits, begun),
        "pictures": lambda: make_images(pictures),
        "what stages did": make_runs,
        "things": lambda: make_detections(pictures),
        "plates": lambda: make_plates(pictures // 20),
        "vehicles": lambda: make_sightings(visits),
        "readings": make_readings,
        "events": lambda: make_events(pictures // 5, begun),
    }
    for what, made in steps.items():
        say(f"  {what}")
        made()
    for name in ("unique_checks", "foreign_key_checks"):
        execute(f"SET SESSION {name} = 1")


def when(number: str, count: int, begun: datetime) -> str:
    """SQL for the time of the n-th of so many things of the year; many by day, few at night."""
    days = (timezone.now() - begun).total_seconds() / 86400 - 0.0005
    place = f"({number} * {days / count:.12f})"
    late = f"{place} + 0.7 * SIN(2 * PI() * {place}) / (2 * PI())"
    first = connection.ops.adapt_datetimefield_value(begun)
    return f"(TIMESTAMP'{first}' + INTERVAL ROUND(({late}) * 86400, 3) SECOND)"


def camera_of(number: str) -> str:
    """SQL for a camera; some see four times as much as others."""
    return f"(1 + FLOOR({CAMERAS} * POW({chance('camera', number)}, 1.4)))"


def make_visits(count: int, begun: datetime) -> None:
    """One after the other; the last are still open."""
    at = when("seq", count, begun)
    ended = f"{at} + INTERVAL {BURST - 1} SECOND"
    closed = f"IF(seq < {count - 2}, {at} + INTERVAL 1 MINUTE, NULL)"
    others = {"closed_at": closed, "merged_at": closed}
    insert(
        Visit,
        f"seq_0_to_{count - 1}",
        **{"id": "seq + 1", "camera": camera_of("seq"), "started_at": at, "ended_at": ended, **others},
    )


def make_images(count: int) -> None:
    """The pictures of the visits."""
    at = f"v.started_at + INTERVAL MOD(seq, {BURST}) SECOND"
    day = f"DATE_FORMAT({at}, '%%Y-%%m-%%d')"
    insert(
        Image,
        f"seq_0_to_{count - 1} JOIN cameras_visit v ON v.id = seq DIV {BURST} + 1 ORDER BY seq",
        id="seq + 1",
        message_id=uuid_of("image", "seq"),
        camera="v.camera_id",
        path=f"CONCAT('images/', {day}, '/View', v.camera_id, '-', {day}, 'T', LPAD(seq, 7, '0'), '.jpg')",
        bytes=f"FLOOR(90000 + 120000 * {chance('bytes', 'seq')})",
        width="1280",
        height="720",
        received_at=at,
        registered_at=f"{at} + INTERVAL 150000 MICROSECOND",
        visit="v.id",
        keep=f"{chance('keep', 'seq')} < {KEPT / count}",
    )


def make_runs() -> None:
    """Every stage of every picture; the newest three wait."""
    waits = "i.id > (SELECT MAX(id) - 3 FROM cameras_image)"
    for model, after in ((DetectionRun, 200), (RecognitionRun, 400)):
        status = pick(model.__name__, "i.id", FOUND)
        ended = f"IF({waits}, NULL, i.received_at + INTERVAL {after * 1000} + FLOOR(i.bytes) MICROSECOND)"
        insert(
            model,
            "cameras_image i ORDER BY i.id",
            image="i.id",
            status=f"IF({waits}, 'queued', {status})",
            queued_at="i.registered_at",
            finished_at=ended,
            duration_ms=f"IF({waits}, NULL, 60)",
            model="'ssd-mobilenet-v2'",
        )
    insert(
        CloudRun,
        "cameras_image i ORDER BY i.id",
        image="i.id",
        status="'skipped'",
        reason="'this computer reads the plates of this camera'",
        queued_at="i.registered_at",
        finished_at="i.registered_at",
    )


def make_detections(pictures: int) -> None:
    """Things of every picture, some with another label for the same thing."""
    number = f"i.id * {THINGS} + seq"
    insert(
        Detection,
        f"cameras_image i JOIN seq_0_to_{THINGS - 1} ORDER BY i.id, seq",
        image="i.id",
        label=f"IF(MOD({number}, {THINGS * pictures // BEARS}) = 7, 'bear', {pick('label', number, LABELS)})",
        confidence=f"0.4 + 0.6 * {chance('score', number)}",
        shadowed=f"seq > 0 AND {chance('shadow', number)} < 0.05",
        **BOX,
    )


def make_sightings(visits: int) -> None:
    """A vehicle in four visits of five: by turns one with a new plate, and one that was there before."""
    turn = "((v.id - 1) DIV 5 * 4 + MOD(v.id - 1, 5))"
    plate = f"IF(MOD({turn}, 2), 1 + FLOOR({turn} DIV 2 * POW({chance('plate', turn)}, 3)), {turn} DIV 2 + 1)"
    state = pick("state", "v.id", {"ambiguous": 0.06, "unknown": 0.04, "matched": 0})
    sure = f"{state} = 'matched'"
    insert(
        Sighting,
        f"cameras_visit v JOIN plates_plate p ON p.id = {plate} WHERE MOD(v.id - 1, 5) < 4 ORDER BY v.id",
        visit="v.id",
        plate=f"IF({sure}, p.id, NULL)",
        status=f"IF({sure} AND NOT MOD({turn}, 2), 'new', {state})",
        text=f"IF({state} = 'unknown' AND MOD(v.id, 2), '', p.text)",
        confidence=f"IF({sure}, 0.95, 0.5)",
        label="'car'",
        best_image=f"(v.id - 1) * {BURST} + 4",
        at="v.started_at",
    )


def make_readings() -> None:
    """Three of each vehicle that was read; one of ten is misread."""
    misread = f"{chance('misread', 's.id * 3 + seq')} < 0.1"
    insert(
        PlateReading,
        "plates_sighting s JOIN seq_0_to_2 JOIN cameras_image i"
        f" ON i.id = (s.visit_id - 1) * {BURST} + 3 + seq WHERE s.text <> '' ORDER BY s.id, seq",
        image="i.id",
        plate="s.plate_id",
        sighting="s.id",
        text=f"IF({misread}, CONCAT(LEFT(s.text, 6), 'X'), s.text)",
        raw_text="s.text",
        confidence=f"0.6 + 0.39 * {chance('sure', 's.id * 3 + seq')}",
        reader="'ppocr'",
        at="i.received_at",
        **BOX,
    )


def make_events(count: int, begun: datetime) -> None:
    """Motion and light of cameras, readings of sensors, restarts."""
    kind = pick("kind", "seq", KINDS)
    camera = camera_of("seq")
    sensor = f"{kind} IN ({SENSORS})"
    number = f"IF({kind} IN ('Temp', 'humidity'), ROUND(15 + 10 * {chance('reading', 'seq')}, 1), NULL)"
    insert(
        Event,
        f"seq_0_to_{count - 1} JOIN cameras_camera c ON c.id = {camera} ORDER BY seq",
        message_id=uuid_of("event", "seq"),
        node="c.node_id",
        camera=f"IF({sensor}, NULL, c.id)",
        kind=kind,
        value=f"COALESCE({number}, 'moving')",
        number=number,
        unit=f"CASE {kind} WHEN 'Temp' THEN 'C' WHEN 'humidity' THEN 'PERCENT' ELSE '' END",
        text=f"CONCAT('node view|', {kind}, '|', COALESCE({number}, 'moving'))",
        at=when("seq", count, begun),
    )
