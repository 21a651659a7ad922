"""What all tasks have in common, with the real broker and database and a real worker."""

from collections.abc import Iterator

import pytest
import redis
from celery import shared_task
from celery.contrib.testing.worker import start_worker
from django.db import OperationalError, connection

from cameras.models import DeadLetter, Image
from cameras.runs import MAX_ATTEMPTS
from ingest import dead_letters, deliveries, services
from ingest.tasks import register_image, republish_lost
from librarian_project.celery import app
from tests.factories import image_record
from tests.harness import eventually

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def worker(broker: redis.Redis) -> Iterator[None]:
    """A worker in a thread of this process, on all queues."""
    app.loader.import_default_modules()
    with start_worker(app, perform_ping_check=False, queues=["ingest", "maintenance"], shutdown_timeout=20):
        yield


def test_what_always_fails_is_set_aside_and_comes_back_by_hand(
    worker: None, broker: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = image_record()
    with monkeypatch.context() as broken:
        broken.setattr(services, "look_at", lambda _: 1 / 0)
        for tries in range(1, MAX_ATTEMPTS + 1):
            assert not DeadLetter.objects.exists()
            register_image.apply_async((record,), task_id=record["id"])
            eventually(lambda: broker.hlen("unacked") == broker.llen("ingest") == 0)
            eventually(lambda tries=tries: tries == MAX_ATTEMPTS or counted(record["id"]) == tries)  # type: ignore[misc]
        eventually(DeadLetter.objects.exists)
    letter = DeadLetter.objects.get()
    assert (letter.task, letter.subject, letter.args) == ("ingest.register_image", record["id"], [record])
    assert "ZeroDivisionError" in letter.reason
    assert "look_at" in letter.traceback
    dead_letters.retry(letter)
    eventually(lambda: Image.objects.filter(message_id=record["id"]).exists())
    assert not DeadLetter.objects.exists()
    eventually(lambda: counted(record["id"]) == 0)


def test_a_message_that_ended_its_worker_each_time_is_set_aside_unseen(worker: None, broker: redis.Redis) -> None:
    record = image_record()
    for _ in range(MAX_ATTEMPTS):
        deliveries.count(record["id"], [record])
    register_image.apply_async((record,), task_id=record["id"])
    eventually(DeadLetter.objects.exists)
    assert "hung or ended its worker" in DeadLetter.objects.get().reason
    assert not Image.objects.exists()


def test_a_task_of_the_schedule_that_fails_shows_until_it_succeeds(
    worker: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr("ingest.sweep.republish_lost", lambda: 1 / 0)
        republish_lost.delay()
        eventually(DeadLetter.objects.exists)
    assert DeadLetter.objects.get().task == "ingest.republish_lost"
    republish_lost.delay()
    eventually(lambda: not DeadLetter.objects.exists())


@shared_task(name="ingest.stumbles")
def stumbles(seen: list[int]) -> None:
    """Meets a database that refuses it twice, as with a deadlock."""
    tries.append(1)
    if len(tries) < 3:
        raise OperationalError(1213, "Deadlock found")


tries: list[int] = []


def test_a_task_that_the_database_refused_is_done_over_at_once(worker: None) -> None:
    tries.clear()
    stumbles.apply_async(([],), queue="maintenance")
    eventually(lambda: len(tries) == 3, 20)
    connection.ensure_connection()
    assert not DeadLetter.objects.exists()


def counted(task_id: str) -> int:
    return deliveries.counted(task_id, [{}])
