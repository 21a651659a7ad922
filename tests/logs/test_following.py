"""One picture's lines out of the logs of all processes."""

from __future__ import annotations

import json
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from ingest.following import follow

ZONE = ZoneInfo("Europe/Berlin")
ID, OTHER = "01a205a2-14d6-745f-962b-07c8ef82a34d", "01a205a2-14d6-745f-962b-07c8ef82a34e"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Logs in both formats, with older parts, of two pictures whose lines alternate."""
    written = {
        "receiver.log.2": [f"2026-11-22 23:10:02,100 INFO receiver [message={ID}] one"],
        "receiver.log": [f"2026-11-22 23:10:02,200 INFO receiver [message={OTHER}] another"],
        "worker.log.1": [
            f"2026-11-22 23:10:02,300 INFO ingest [message={ID} image=1] two",
            f"2026-11-22 23:10:02,300 INFO ingest [message={OTHER} image=12] another",
        ],
        "worker.log": [
            "2026-11-22 23:10:02,300 ERROR ingest [image=1] three",
            "  Traceback",
            "  ValueError",
            "2026-11-22 23:10:02,500 ERROR ingest [image=12] another",
            "  another",
            "worker: Cold shutdown",
        ],
        "web.log": [
            json.dumps({"time": "2026-11-22T22:10:02.400000+00:00", "level": "INFO", "image_id": 1, "text": "four"}),
            json.dumps({"time": "2026-11-22T22:10:02.400000+00:00", "level": "INFO", "image_id": 12, "text": "other"}),
            '{"image_id": 1, cut off',
        ],
    }
    for name, lines in written.items():
        (tmp_path / name).write_text("\n".join(lines) + "\n")
    return tmp_path


@pytest.mark.parametrize(("messages", "images"), [({ID}, set()), (set(), {1}), ({ID}, {1})])
def test_it_finds_both_ids_of_a_picture_in_the_order_of_time(
    folder: Path, messages: set[str], images: set[int]
) -> None:
    lines = "".join(entry.text for entry in follow(folder, ZONE, messages, images)).splitlines()
    assert [line.split()[-1] for line in lines[:5]] == ["one", "two", "three", "Traceback", "ValueError"]
    assert json.loads(lines[5])["text"] == "four"
    assert len(lines) == 6


def test_it_finds_nothing_of_a_picture_that_nobody_met(folder: Path) -> None:
    assert follow(folder, ZONE, set(), {2}) == []
