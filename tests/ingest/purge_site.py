"""A site whose purges are killed, and what has to hold of it afterwards."""

from __future__ import annotations

import os
import random
import sqlite3
import subprocess
import sys
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.models import Sum
from django.utils import timezone

from cameras.models import Event, Image, Purge, Removal, Tombstone, Visit
from detections.models import Detection, DetectionRun
from ingest.unlinking import KINDS
from plates.models import Plate, PlateReading
from tests.factories import make_camera, make_image
from tests.harness import ROOT
from tests.ingest.purge_killing import POINTS

BATCH, SIZE = 4, 1000
OLD = 17
"""Pictures that are due each time: some batches, the last of them not full."""


@dataclass(slots=True)
class Site:
    """The test's own database and folder, with what must stay and what was due in all."""

    folder: Path
    stays: set[str]
    due: int = 0
    events: int = 0

    def add_due(self) -> None:
        """More that is too old: pictures with copies, things, plates and visits, and events."""
        camera, at = make_camera(), timezone.now() - timedelta(days=40)
        for number in range(OLD):
            day = at + timedelta(minutes=number)
            visit = Visit.objects.create(camera=camera, started_at=day, ended_at=day)
            fill(make_image(camera, day, bytes=SIZE, visit=visit, path=picture(self.folder)))
        for _ in range(BATCH + 1):
            facts = {"message_id": uuid.uuid4(), "node": camera.node, "kind": "motion"}
            Event.objects.create(**facts, text="gate Driveway|motion|moving", at=at)
        self.due, self.events = self.due + OLD, self.events + BATCH + 1

    def purge(self, point: str, nth: int) -> bool:
        """Purge, to the end or until it dies at a point; whether it died."""
        log = self.folder / "killed"
        log.unlink(missing_ok=True)
        command = [sys.executable, "-m", "tests.ingest.purge_killing", point, str(nth), str(log)]
        with shared_database(self.folder) as url:
            env = os.environ | {"RETENTION_DAYS": "30", "BATCH": str(BATCH), "DATABASE_URL": url}
            done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True)
        assert done.returncode == (-9 if log.exists() else 0), done.stderr
        return log.exists()

    def check_rows_and_counts(self) -> None:
        """What holds at any moment: files of rows are there, and the counts are those of what is gone."""
        for path in Image.objects.values_list("path", flat=True):
            assert (self.folder / path).exists(), f"{path} went before its row"
        counted = Purge.objects.aggregate(images=Sum("images"), bytes=Sum("bytes"), events=Sum("events"))
        gone = self.due + len(self.stays) - Image.objects.count()
        events = self.events - Event.objects.filter(kind="motion").count()
        expected = {"images": gone, "bytes": gone * SIZE, "events": events}
        assert {name: counted[name] or 0 for name in expected} == expected
        assert Tombstone.objects.exclude(path="").count() == gone

    def check_end(self) -> None:
        """What holds once a purge has come to its end: nothing that was due is left, and nothing else is gone."""
        self.check_rows_and_counts()
        assert set(Image.objects.values_list("path", flat=True)) == self.stays
        copies = {path.replace("images", kind, 1) for path in self.stays for kind in KINDS}
        files = {str(file.relative_to(self.folder)) for kind in KINDS for file in (self.folder / kind).rglob("*.jpg")}
        assert files == copies | {UNKNOWN}
        assert not Removal.objects.exists() and not Event.objects.filter(kind="motion").exists()
        for model in (DetectionRun, Detection, PlateReading):
            assert model.objects.count() == len(self.stays), model
        assert Visit.objects.count() == 0 and Plate.objects.count() == 1


@contextmanager
def shared_database(folder: Path) -> Iterator[str]:
    """The DATABASE_URL under which another process meets the test's database; SQLite's is in memory, so in a copy."""
    if connection.vendor != "sqlite":
        yield f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{connection.settings_dict['NAME']}"
        return
    file = folder / "librarian.sqlite3"
    connection.ensure_connection()
    with closing(sqlite3.connect(file)) as copy:
        connection.connection.backup(copy)
    yield f"sqlite:///{file}"
    with closing(sqlite3.connect(file)) as copy:
        copy.backup(connection.connection)


UNKNOWN = "images/2026-11-22/nobody-knows-me.jpg"


def make_site(folder: Path) -> Site:
    """Young pictures and kept old ones, and a file that the database does not know."""
    stays = []
    for days, keep in ((1, False), (2, False), (50, True)):
        image = make_image(None, timezone.now() - timedelta(days=days), bytes=SIZE, keep=keep, path=picture(folder))
        fill(image)
        stays.append(image.path)
    (folder / UNKNOWN).write_bytes(b"unknown")
    return Site(folder, set(stays))


def picture(folder: Path) -> str:
    """A picture with its copies; its path."""
    path = f"images/2026-11-22/{uuid.uuid4().hex}.jpg"
    for kind in KINDS:
        file = folder / path.replace("images", kind, 1)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"jpeg")
    return path


def fill(image: Image) -> None:
    """Something found on a picture, and a plate."""
    box = dict.fromkeys(("x1", "y1", "x2", "y2"), 0)
    Detection.objects.create(image=image, label="car", confidence=0.9, **box)
    plate, _ = Plate.objects.get_or_create(text="KV482BT")
    PlateReading.objects.create(image=image, plate=plate, text="KV482BT", confidence=1, at=image.received_at, **box)


def kill_again_and_again(folder: Path, kills: int) -> Counter[str]:
    """Kill purges at one point after the other, looking after each; then let one come to its end. Kills by point."""
    assert str(folder) == str(settings.DATA_DIR)
    site, chance, found = make_site(folder), random.Random(kills), Counter[str]()
    while found.total() < kills:
        point = list(POINTS)[found.total() % len(POINTS)]
        if Image.objects.count() < len(site.stays) + 2 * BATCH:
            site.add_due()
        most = 3 * BATCH if "mid-batch" in point else 2
        assert site.purge(point, chance.randint(1, most)), point
        found[point] += 1
        site.check_rows_and_counts()
    site.add_due()
    assert not site.purge(next(iter(POINTS)), 10**6)
    site.check_end()
    return found
