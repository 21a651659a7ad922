"""Visits close by themselves, and what was left out or changed is caught up with."""

from __future__ import annotations

from datetime import datetime, timedelta
from unittest.mock import patch

import pytest
import redis
from django.core.management import call_command
from django.utils import timezone

import environment
from cameras.models import Image, RunStatus, Visit
from ingest import retention, services, tasks, visits
from ingest.reprocessing import forget
from plates.models import Plate, PlateReading, RecognitionRun, Sighting
from plates.sightings import merge_sightings
from plates.tasks import read_plates
from tests.factories import image_record, make_camera, make_image
from tests.plates.test_sightings import states, visit_of
from tests.web.making import AT, add_reading

pytestmark = pytest.mark.django_db(transaction=True)


def registered(at: datetime | None = None) -> Image:
    record = image_record()
    record["received_at"] = (at or timezone.now() - timedelta(minutes=1)).isoformat()
    image = services.register(record)
    assert image
    return image


def looked_at(image: Image, text: str = "KV482BT") -> None:
    """As if the stages had ended, with a reading."""
    add_reading(image, text, confidence=0.9)
    RecognitionRun.objects.filter(image=image).update(status=RunStatus.DONE)
    Visit.objects.filter(images=image).update(stale=True)


def test_a_picture_has_a_visit_from_the_first_moment_on(broker: redis.Redis) -> None:
    first, second = registered(timezone.now()), registered(timezone.now())
    assert first.visit == second.visit == Visit.objects.get()


def test_a_quiet_visit_closes_once_all_its_pictures_were_looked_at(broker: redis.Redis) -> None:
    image = registered()
    assert not visits.settle()
    assert Visit.objects.get().closed_at is None, "nobody has looked for plates yet"
    looked_at(image)
    visits.settle()
    visit = Visit.objects.get()
    assert (visit.closed_at is not None, visit.stale) == (True, False)
    assert states(visit) == [("KV482BT", "new", "KV482BT")]


def test_one_that_may_go_on_stays_open_and_is_merged_all_the_same(broker: redis.Redis) -> None:
    looked_at(registered(timezone.now()))
    visits.settle()
    visit = Visit.objects.get()
    assert visit.closed_at is None
    assert states(visit) == [("KV482BT", "new", None)]


def test_a_late_picture_opens_a_closed_visit_until_it_was_looked_at(broker: redis.Redis) -> None:
    first = registered()
    looked_at(first)
    visits.settle()
    late = registered(first.received_at - timedelta(seconds=1))
    visits.settle()
    assert Visit.objects.get().closed_at is None
    looked_at(late)
    visits.settle()
    assert Visit.objects.get().closed_at
    assert Sighting.objects.get().readings.count() == 2


def test_a_picture_that_comes_while_a_visit_closes_keeps_it_open(broker: redis.Redis) -> None:
    looked_at(registered())
    number = visits.due(timezone.now())[0]
    registered(timezone.now() - timedelta(minutes=1))
    assert Visit.objects.count() == 1
    assert not visits.close(number)
    assert Visit.objects.get().closed_at is None


def test_reading_a_picture_merges_its_visit(broker: redis.Redis) -> None:
    image = registered()
    RecognitionRun.objects.filter(image=image).update(status=RunStatus.DONE)
    add_reading(image, confidence=0.9)
    Visit.objects.update(stale=True)
    read_plates(image.pk)
    assert states(Visit.objects.get()) == [("KV482BT", "new", None)]


def test_what_is_looked_at_anew_is_merged_anew(broker: redis.Redis) -> None:
    image = registered()
    looked_at(image)
    visits.settle()
    forget(image)
    assert Visit.objects.get().stale
    RecognitionRun.objects.update(status=RunStatus.EMPTY)
    visits.settle()
    assert Sighting.objects.exists(), "merged a moment ago, so that it is not due again"
    Visit.objects.update(merged_at=AT)
    visits.settle()
    assert not Sighting.objects.exists()
    assert not Plate.objects.exists(), "nothing else was known of it"


def test_one_visit_that_cannot_be_merged_holds_no_other_up(data_dir: object, caplog: pytest.LogCaptureFixture) -> None:
    for text in ("KV482BT", "AB123CD"):
        visit_of([(text, 0.9)])
    broken = Visit.objects.order_by("pk")[0].pk

    def fails_once(visit_id: int, *, closing: bool = False) -> bool:
        if visit_id == broken:
            raise ValueError("broken")
        return merge_sightings(visit_id, closing=closing)

    with patch("ingest.visits.merge_sightings", fails_once):
        visits.settle()
    assert f"visit {broken} cannot be merged" in caplog.text
    assert Sighting.objects.get().text == "AB123CD"


def test_a_long_list_is_worked_off_in_slices(data_dir: object) -> None:
    for number in range(3):
        visit_of([(f"KV48{number}BT", 0.9)])
    assert visits.settle(seconds=0), "more is left"
    while visits.settle(seconds=0):
        pass
    assert Visit.objects.filter(closed_at=None).count() == 0
    assert Sighting.objects.count() == 3


def test_the_schedule_has_images_without_a_visit_join_one(broker: redis.Redis) -> None:
    make_image(make_camera(), AT)
    tasks.sweep_index()
    assert broker.llen("maintenance") == 1
    tasks.join_visits()
    assert Image.objects.get().visit


def test_the_command_makes_the_visits_of_all_there_was(data_dir: object, capsys: pytest.CaptureFixture[str]) -> None:
    camera = make_camera()
    old = Plate.objects.create(text="KV4B2BT")
    for seconds, text in ((0, "KV482BT"), (1, "KV4B2BT"), (2, "KV482BT"), (60, "AB123CD")):
        image = make_image(camera, AT + timedelta(seconds=seconds))
        add_reading(image, text, confidence=0.8, plate=old if text == old.text else None)
        RecognitionRun.objects.filter(image=image).update(status=RunStatus.DONE)
    call_command("visits", "--dry-run")
    assert "in no visit: 4" in capsys.readouterr().out
    call_command("visits")
    assert "4 images joined visits; there are 2 now" in capsys.readouterr().out
    assert {row.text: row.plate for row in Sighting.objects.all()} == {
        one: Plate.objects.get(text=one) for one in ("KV482BT", "AB123CD")
    }
    assert not Plate.objects.filter(text="KV4B2BT").exists(), "it was a misreading"
    assert set(PlateReading.objects.filter(text="KV4B2BT").values_list("plate__text", flat=True)) == {"KV482BT"}
    call_command("visits")
    assert "0 images joined visits; there are 2 now" in capsys.readouterr().out


def test_a_purge_takes_visits_with_their_last_picture_and_plates_that_nobody_knows(
    data_dir: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RETENTION_DAYS", "30")
    environment.current.cache_clear()
    gone, kept = visit_of([("KV482BT", 0.9)]), visit_of([("AB123CD", 0.9)], [("AB123CD", 0.9)])
    for visit in (gone, kept):
        merge_sightings(visit.pk, closing=True)
    Image.objects.filter(pk=kept.images.order_by("pk")[0].pk).update(keep=True)
    retention.purge_slice()
    assert list(Visit.objects.all()) == [kept]
    assert states(kept) == [("AB123CD", "new", "AB123CD")]
    assert (kept.started_at, kept.ended_at) == (AT, AT + timedelta(seconds=0.5)), "it lasted as long as it lasted"
    assert [plate.text for plate in Plate.objects.all()] == ["AB123CD"]
