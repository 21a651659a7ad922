"""One pace and one budget for all workers."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from cloud import budget, pace, state
from cloud.account import Usage
from cloud.models import CloudDay, CloudState, PauseKind
from tests.cloud.conftest import SetMore

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def settings_of_the_service(env: SetMore) -> None:
    """They matter to all of it."""


def test_turns_are_an_interval_apart(env: SetMore) -> None:
    env(interval="0.2")
    started = time.monotonic()
    assert all(pace.take_turn() for _ in range(4))
    assert time.monotonic() - started > 3 * 0.2 - 0.01


@pytest.mark.skipif(connection.vendor == "sqlite", reason="threads that share its memory lock each other out")
def test_turns_of_several_workers_are_an_interval_apart(env: SetMore) -> None:
    env(interval="0.2")
    pace.state()

    def turn(_: int) -> float:
        try:
            assert pace.take_turn()
            return time.monotonic()
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as workers:
        turns = sorted(workers.map(turn, range(6)))
    assert turns[-1] - turns[0] > 5 * 0.2 - 0.1


def test_a_turn_that_is_far_off_is_not_waited_for(env: SetMore) -> None:
    env(interval="60")
    assert pace.take_turn()
    started = time.monotonic()
    assert not pace.take_turn()
    assert time.monotonic() - started < pace.PATIENCE_SECONDS


def test_a_clock_that_was_set_back_does_not_stop_everything() -> None:
    pace.state()
    CloudState.objects.update(next_call_at=timezone.now() + timedelta(days=300))
    assert pace.take_turn()


def test_pauses_grow_and_end_with_the_first_answer() -> None:
    lengths = []
    for _ in range(9):
        pace.state()
        pace.back_off("it answered 500")
        lengths.append(round((pace.state().paused_until - timezone.now()).total_seconds()))
        CloudState.objects.update(paused_until=timezone.now())
    assert lengths == [30, 60, 120, 240, 480, 960, 1800, 1800, 1800]
    pace.works()
    assert (pace.state().failures, pace.state().pause) == (0, PauseKind.NONE)


def test_a_short_pause_does_not_end_a_long_one() -> None:
    pace.state()
    pace.pause(PauseKind.TOKEN, "the token", timedelta(hours=1))
    pace.pause(PauseKind.THROTTLED, "too early", timedelta(seconds=1))
    assert pace.standing_reason(pace.state()) == "the token"


@pytest.fixture
def noon(monkeypatch: pytest.MonkeyPatch) -> datetime:
    """It is noon on 23 November, in UTC."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    return NOW


@pytest.mark.parametrize(
    ("resets", "starts", "ends"),
    [
        (None, datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)),
        (datetime(2026, 12, 14, tzinfo=UTC), datetime(2026, 11, 14, tzinfo=UTC), datetime(2026, 12, 14, tzinfo=UTC)),
        (datetime(2026, 11, 23, 12, tzinfo=UTC), NOW, datetime(2026, 12, 23, 12, tzinfo=UTC)),
        (datetime(2025, 1, 31, tzinfo=UTC), datetime(2026, 10, 31, tzinfo=UTC), datetime(2026, 11, 30, tzinfo=UTC)),
        (datetime(2027, 6, 30, tzinfo=UTC), datetime(2026, 10, 30, tzinfo=UTC), datetime(2026, 11, 30, tzinfo=UTC)),
    ],
)
def test_a_month_is_the_accounts_or_the_calendars(resets: datetime | None, starts: datetime, ends: datetime) -> None:
    assert budget.period(NOW, resets) == (starts, ends)


def test_the_forecast_goes_on_as_the_last_days_went(noon: datetime, env: SetMore) -> None:
    env(budget=2500)
    for days in range(10):
        CloudDay.objects.create(day=(noon - timedelta(days=days)).date(), calls=200 if days else 100)
    month = budget.current()
    assert (month.used, month.left) == (1900, 600)
    assert month.a_day == pytest.approx(200)
    assert month.runs_out_at == noon + timedelta(days=3)
    env(budget=10_000)
    assert budget.current().runs_out_at is None, "it lasts until the month ends"
    env(budget=0)
    unlimited = budget.current()
    assert (unlimited.limit, unlimited.left, unlimited.runs_out_at) == (None, None, None)


def test_calls_of_last_month_are_past(noon: datetime) -> None:
    CloudDay.objects.create(day=datetime(2026, 10, 31, tzinfo=UTC).date(), calls=2500)
    assert budget.current().left == 2500


def test_what_others_use_of_the_account_counts_until_its_month_ends(
    noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    budget.count(10)
    budget.note(Usage(calls=110, limit=1000, resets_at=datetime(2026, 12, 14, tzinfo=UTC)))
    budget.count(5)
    month = budget.current()
    assert (month.used, month.limit) == (115, 1000)
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 12, 15, tzinfo=UTC))
    assert budget.current().used == 0


def test_status_tells_it_to_programs(noon: datetime) -> None:
    budget.count(7)
    told = state.as_json()
    assert (told["used"], told["budget"], told["left"], told["configured"]) == (7, 2500, 2493, True)
    assert told["resets_at"] == "2026-12-01T00:00:00+00:00"
    assert told["runs_out_at"] is None
