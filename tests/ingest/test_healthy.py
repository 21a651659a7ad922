"""What a container's health check says."""

from __future__ import annotations

import json
import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import redis

import environment
from ingest import healthy, workers
from ingest.up import one
from ingest.up.broker import free_port


@pytest.fixture(autouse=True)
def own(data_dir: Path, broker: redis.Redis) -> None:
    """A folder and a broker of this test's own."""


def test_each_process_is_ill_until_it_shows_a_sign_of_life(capsys: pytest.CaptureFixture[str]) -> None:
    for name, said in {
        "receiver": "does not write its state",
        "worker-plates": "does not tell the broker",
        "beat": "has no schedule",
        "web": "nobody answers",
    }.items():
        assert healthy.main([name]) == 1
        assert said in capsys.readouterr().out, name


def test_a_worker_is_well_while_it_reports() -> None:
    report = workers.Report(f"plates@{socket.gethostname()}", ["plates"])
    report.alive(0)
    assert healthy.main(["worker-plates"]) == 0
    report.ended()
    assert healthy.main(["worker-plates"]) == 1


def test_a_worker_is_not_blamed_for_a_broker_that_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", f"redis://127.0.0.1:{free_port()}/0")
    environment.current.cache_clear()
    assert healthy.main(["worker-plates"]) == 0


@pytest.mark.parametrize(("minutes", "status"), [(0, 0), (3, 1)])
def test_beat_is_well_while_it_sends(data_dir: Path, minutes: int, status: int) -> None:
    sent = {"a": str(datetime.now(UTC) - timedelta(hours=1)), "b": str(datetime.now(UTC) - timedelta(minutes=minutes))}
    (data_dir / "run" / "beat-schedule.json").write_text(json.dumps(sent))
    assert healthy.main(["beat"]) == status


@pytest.mark.parametrize("main", [healthy.main, one.main])
def test_a_name_that_nothing_has_is_refused(main: object, capsys: pytest.CaptureFixture[str]) -> None:
    assert callable(main)
    with pytest.raises(SystemExit) as ended:
        main(["worker-moon"])
    assert ended.value.code == 2 and "worker-plates" in capsys.readouterr().err
