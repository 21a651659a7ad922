"""Who gets metrics from the pages, and what the index tells them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

import counting
import environment
from cameras.models import DeadLetter, Purge
from cameras.services import node_for
from tests.factories import make_image
from web.metrics.registry import REGISTRY

LogIn = Callable[..., Client]


def with_token() -> dict[str, str]:
    return {"Authorization": f"Bearer {environment.metrics_token(environment.current())}"}


def test_viewers_are_refused_and_staff_is_not(db: None, data_dir: Path, log_in: LogIn) -> None:
    assert log_in("ben").get("/metrics").status_code == 401
    assert b"librarian_images_waiting" in log_in("anna", is_staff=True).get("/metrics").content


def test_a_token_of_ones_own_is_heeded(
    db: None, data_dir: Path, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("METRICS_TOKEN", "a-token-that-is-long-enough")
    environment.current.cache_clear()
    answer = client.get("/metrics", headers={"Authorization": "bearer a-token-that-is-long-enough"})
    assert answer.status_code == 200
    assert not (data_dir / "metrics_token").exists()


def test_the_index_tells_what_waits_failed_and_went(db: None, data_dir: Path) -> None:
    make_image()
    node = node_for("gate")
    node.last_seen_at = node.silent_since = timezone.now()
    node.save()
    DeadLetter.objects.create(task="plates.read_plates", subject="1", reason="it hung")
    Purge.objects.create(why="age", images=3, bytes=900, events=2, visits=1)
    Purge.objects.create(why="room", images=4)
    assert told("librarian_images_waiting", stage="object detection") == 1
    assert told("librarian_dead_letters") == 1
    assert told("librarian_retention_removed_images_total") == 7
    assert told("librarian_retention_refused") == 0
    Purge.objects.create(why="refused", refused=True)
    assert told("librarian_retention_refused") == 1
    assert told("librarian_node_silent", node="gate") == 1


def told(name: str, **labels: str) -> float | None:
    return REGISTRY.get_sample_value(name, labels)


def test_addresses_of_pages_are_counted_by_their_names(db: None, client: Client) -> None:
    def count(**labels: str) -> float:
        return told("librarian_http_request_duration_seconds_count", **labels) or 0

    before = count(view="web:image", method="GET", status="302"), count(view="none", method="other", status="404")
    client.get("/images/4711/")
    client.get("/images/4712/")
    client.generic("BREW", "/coffee")
    after = count(view="web:image", method="GET", status="302"), count(view="none", method="other", status="404")
    assert (after[0] - before[0], after[1] - before[1]) == (2, 1)


def test_what_nobody_counts_any_more_is_not_told(tmp_path: Path) -> None:
    left = tmp_path / "metrics" / "pictures@elsewhere"
    left.mkdir(parents=True)
    (left / counting.LOCK).touch()
    assert list(counting.folders(tmp_path)) == []


def test_a_full_disk_keeps_nobody_from_working(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.posix_fallocate", full)
    assert not counting.keep_in(tmp_path / "metrics" / "pictures@here")
    assert "nothing is counted" in caplog.text
