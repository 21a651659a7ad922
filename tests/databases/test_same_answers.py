"""Things that databases like to do differently."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime

import pytest
from django.db import DataError, connection, transaction
from django.db.models.functions import TruncDate
from django.utils import timezone

from cameras.models import DeadLetter, Event, Image
from cameras.services import node_for
from tests.factories import make_camera, make_image

pytestmark = pytest.mark.django_db

ANYTHING = "😀 é \\ ' \" % %s ; \u2028 \t\n"


def make_event(text: str = "x", at: datetime | None = None) -> Event:
    return Event.objects.create(
        message_id=uuid.uuid4(), node=node_for("gate"), kind="Temp", text=text, at=at or timezone.now()
    )


def test_days_are_those_of_the_sites_time_zone() -> None:
    camera = make_camera()
    for hour, day in ((datetime(2026, 7, 1, 21, 59, 59), 1), (datetime(2026, 7, 1, 22, 0), 2)):
        made = make_image(camera, received_at=hour.replace(tzinfo=UTC))
        found = Image.objects.annotate(day=TruncDate("received_at")).get(pk=made.pk)
        assert found.day == date(2026, 7, day)
    assert list(Image.objects.dates("received_at", "day")) == [date(2026, 7, 1), date(2026, 7, 2)]
    assert Image.objects.filter(received_at__date=date(2026, 7, 2)).count() == 1
    assert Image.objects.filter(received_at__hour=0).count() == 1


def test_times_keep_their_microseconds() -> None:
    at = datetime(2026, 10, 25, 0, 30, 0, 123456, tzinfo=UTC)  # an hour that comes twice in Berlin
    event = make_event(at=at)
    event.refresh_from_db()
    assert event.at == at


def test_texts_and_json_come_back_as_they_went() -> None:
    camera = make_camera(rois={ANYTHING: [[0.1, 2.0], [1e-9, 100]]}, message="😀")
    camera.refresh_from_db()
    assert camera.rois == {ANYTHING: [[0.1, 2.0], [1e-9, 100]]}
    assert camera.message == "😀"
    event = make_event("😀" * 1024)
    event.refresh_from_db()
    assert event.text == "😀" * 1024
    letter = DeadLetter.objects.create(task="t", subject="s", reason="r", traceback="😀" * 100_000, args=[{"a": None}])
    letter.refresh_from_db()
    assert letter.traceback == "😀" * 100_000
    assert letter.args == [{"a": None}]


def test_numbers_keep_every_bit() -> None:
    event = make_event()
    for number in (0.1 + 0.2, 1e300, -5e-324, 123456789012.12345):
        Event.objects.filter(pk=event.pk).update(number=number)
        assert Event.objects.get(pk=event.pk).number == number


def test_a_text_that_does_not_fit_is_never_cut_in_silence() -> None:
    if connection.vendor == "sqlite":
        assert Event.objects.get(pk=make_event("x" * 1025).pk).text == "x" * 1025
    else:
        with pytest.raises(DataError, match="Data too long"), transaction.atomic():
            make_event("x" * 1025)


def test_an_update_without_a_change_counts_its_rows() -> None:
    """The client of MariaDB counts changed rows unless told otherwise; services ask whether a row was there."""
    event = make_event()
    assert Event.objects.filter(pk=event.pk).update(kind="Temp") == 1
    assert Event.objects.filter(pk=event.pk).update(kind="Temp") == 1
