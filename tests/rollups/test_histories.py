"""Whatever happens in whatever order, the tables say what direct counting says."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import redis
from django.utils import timezone

from cameras import merging, runs
from cameras.changes import hour_of
from cameras.models import Camera, ChangedHour, Image, RunStatus, Visit
from detections.detectors.base import FoundObject
from detections.models import DetectionRun
from detections.services import save_detections
from ingest import retention, services, visits
from ingest.reprocessing import forget
from ingest.retention_rules import empty_visits
from plates.corrections import correct_alike, correct_reading
from plates.merging import merge_plates
from plates.models import Correction, Plate, PlateReading, RecognitionRun
from plates.readers.base import FoundPlate
from plates.services import save_readings
from plates.undoing import undo
from tests.factories import image_record, write_picture
from tests.rollups.counted import check

pytestmark = pytest.mark.django_db(transaction=True)
TEXTS = ("KV482BT", "KV4B2BT", "XX777YY", "B1234AB")
LABELS = ("car", "truck", "person", "dog")
VIEWS = ("Front", "Back", "Side", "Roof")
DAYS = 3


class History:
    """Things that happen to a site, drawn by chance."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.times = 0

    def any(self, rows: Any) -> Any:
        """One of some rows, or none where there is none."""
        numbers = list(rows.order_by("pk").values_list("pk", flat=True))
        return rows.get(pk=self.chance.choice(numbers)) if numbers else None

    def when(self) -> datetime:
        """A time of the last days, often close to another one or to where an hour ends."""
        kind = self.chance.random()
        if kind < 0.5 and (known := self.any(Image.objects.all())):
            at: datetime = known.received_at
            return at + timedelta(seconds=self.chance.uniform(-4, 4))
        at = timezone.now() - timedelta(seconds=self.chance.uniform(0, DAYS * 86400))
        return at if kind < 0.6 else hour_of(at) + timedelta(seconds=self.chance.uniform(-4, 4))

    def picture(self) -> None:
        self.times += 1
        path = write_picture(f"gate-{self.times}", b"x" * self.chance.randrange(1, 1000))
        record = image_record(path, "gate", self.chance.choice(VIEWS))
        record["received_at"] = self.when().isoformat()
        services.register(record)

    def due(self, model: Any) -> Any:
        return self.any(model._default_manager.filter(status=RunStatus.QUEUED))

    def detection(self) -> None:
        if run := self.due(DetectionRun):
            box = (10.0, 10.0, 200.0, 150.0)
            found = [FoundObject(one, self.chance.random(), box) for one in self.chance.sample(LABELS, 2)]
            run.duration_ms = self.chance.randrange(5, 500)
            save_detections(run, found[: self.chance.randrange(3)])

    def reading(self) -> None:
        if run := self.due(RecognitionRun):
            run.model, run.duration_ms = "r", 12.0
            text = self.chance.choice(TEXTS)
            save_readings(run, [FoundPlate(text, text, 0.9, (10, 10, 60, 30), ())])

    def failure(self) -> None:
        run = self.due(self.chance.choice([DetectionRun, RecognitionRun]))
        if run and self.chance.random() < 0.5:
            runs.finish(run, RunStatus.FAILED, "broken")
        elif run:
            runs.skip(type(run), run.image, "not wanted")

    def settling(self) -> None:
        visits.settle()

    def correction(self) -> None:
        if reading := self.any(PlateReading.objects.all()):
            how = self.chance.choice([correct_reading, correct_alike])
            how(reading, self.chance.choice([*TEXTS, ""]), None)

    def merging_of_plates(self) -> None:
        plates = list(Plate.objects.order_by("pk"))
        if len(plates) > 1:
            one, other = self.chance.sample(plates, 2)
            merge_plates(one, other, None)

    def undoing(self) -> None:
        if row := self.any(Correction.objects.filter(undone_at=None)):
            undo(row, None)

    def listing(self) -> None:
        if plate := self.any(Plate.objects.all()):
            plate.list = self.chance.choice(["", "known", "watch", "ignore"])
            plate.save()

    def reprocessing(self) -> None:
        if image := self.any(Image.objects.all()):
            forget(image, later=self.chance.random() < 0.5)

    def purging(self) -> None:
        before = timezone.now() - timedelta(days=DAYS - 1)
        if self.chance.random() < 0.5:
            retention.purge_visits(empty_visits(before))
        else:
            numbers = list(Image.objects.filter(received_at__lt=before).values_list("pk", flat=True))
            retention.purge_images(numbers, "age")

    def merging_of_cameras(self) -> None:
        cameras = list(Camera.objects.order_by("view"))
        if len(cameras) > 1 and self.chance.random() < 0.4:
            merging.begin_merge(*self.chance.sample(cameras, 2))
            while merging.finish_merges():
                pass

    def happen(self, times: int) -> None:
        usual: list[Callable[[], None]] = [self.picture, self.detection, self.reading, self.settling]
        rare: list[Callable[[], None]] = [
            *(self.failure, self.correction, self.merging_of_plates, self.undoing, self.listing, self.reprocessing),
            *(self.purging, self.merging_of_cameras),
        ]
        for _ in range(times):
            self.chance.choice(usual if self.chance.random() < 0.75 else rare)()


@pytest.mark.parametrize("seed", range(4))
def test_the_tables_say_what_direct_counting_says(broker: redis.Redis, seed: int) -> None:
    history = History(seed)
    for _ in range(70):
        history.happen(2)
        check()
    assert not ChangedHour.objects.exists()
    assert Image.objects.exists() and Visit.objects.exists()
