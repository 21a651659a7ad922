from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from receiver.outbox import Outbox


def row(number: int) -> dict[str, object]:
    return {"id": f"{number:04}", "kind": "image", "path": f"images/2026-07-01/{number}.jpg"}


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    made = Outbox(tmp_path / "hub.sqlite3")
    yield made
    made.close()


def test_it_gives_unpublished_records_in_the_order_they_came(outbox: Outbox) -> None:
    outbox.append([row(2), row(1)])
    outbox.append([row(3)])
    assert [record.id for record in outbox.unpublished()] == ["0002", "0001", "0003"]
    assert [record.id for record in outbox.unpublished(1)] == ["0002"]
    assert outbox.unpublished()[0].payload == row(2)


def test_it_counts_what_the_broker_does_not_have(outbox: Outbox) -> None:
    assert (outbox.depth(), outbox.oldest_unpublished_age()) == (0, None)
    outbox.append([row(1), row(2)])
    age = outbox.oldest_unpublished_age()
    assert outbox.depth() == 2
    assert age is not None
    assert age >= 0
    outbox.mark_published(["0001", "0002"])
    assert (outbox.depth(), outbox.oldest_unpublished_age()) == (0, None)


def test_it_pages_through_what_was_published_in_a_window(outbox: Outbox) -> None:
    outbox.append([row(n) for n in range(10, 0, -1)])
    outbox.mark_published([f"{n:04}" for n in range(1, 8)])
    pages = [[record.id for record in page] for page in outbox.published(page=3)]
    assert pages == [["0007", "0006", "0005"], ["0004", "0003", "0002"], ["0001"]]
    now = datetime.now(UTC)
    assert list(outbox.published(since=now + timedelta(hours=1))) == []
    assert list(outbox.published(before=now - timedelta(hours=1))) == []
    assert len(list(outbox.published(now - timedelta(hours=1), now + timedelta(hours=1)))) == 1


def test_it_publishes_again_what_a_sweep_asks_for(outbox: Outbox) -> None:
    outbox.append([row(1), row(2)])
    outbox.mark_published(["0001", "0002"])
    assert outbox.republish(["0002", "none"]) == 1
    assert [record.id for record in outbox.unpublished()] == ["0002"]


def test_it_finds_a_record_by_path(outbox: Outbox) -> None:
    outbox.append([row(1)])
    found = outbox.find_path("images/2026-07-01/1.jpg")
    assert found is not None
    assert found.id == "0001"
    assert outbox.has_path("images/2026-07-01/1.jpg")
    assert not outbox.has_path("images/2026-07-01/2.jpg")


def test_it_deletes_only_what_was_published_long_ago(outbox: Outbox) -> None:
    outbox.append([row(1), row(2)])
    outbox.mark_published(["0001"])
    assert outbox.purge() == 0
    time.sleep(0.01)
    assert outbox.purge(older_than_seconds=0.0) == 1
    assert [record.id for record in outbox.unpublished()] == ["0002"]


def test_what_comes_again_stays_as_it_is(outbox: Outbox) -> None:
    outbox.append([row(1)])
    outbox.mark_published(["0001"])
    outbox.append([row(2), row(1)])
    assert [record.id for record in outbox.unpublished()] == ["0002"]


def test_a_checkpoint_tells_whether_all_is_on_disk(outbox: Outbox, tmp_path: Path) -> None:
    outbox.append([row(1)])
    reader = sqlite3.connect(tmp_path / "hub.sqlite3", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM message").fetchone()
    outbox.append([row(2)])
    assert not outbox.checkpoint(), "somebody reads what was there before"
    reader.execute("COMMIT")
    assert outbox.checkpoint()
    reader.close()


def test_two_processes_may_have_it_open(outbox: Outbox, tmp_path: Path) -> None:
    other = Outbox(tmp_path / "hub.sqlite3")
    outbox.append([row(1)])
    other.mark_published(["0001"])
    assert outbox.depth() == 0
    other.close()
