"""Stopped and started again and again under load, the receiver leaves no sender waiting."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from .conftest import PATIENCE, Receiver
from .test_ending import Load, assert_all_kept


@dataclass(frozen=True)
class Stops:
    """What so many of them did to senders that never make a new socket."""

    acknowledged: int
    hanging: int
    seconds: float


def test_three_stops_leave_no_sender_hanging(receiver: Receiver, tmp_path: Path) -> None:
    assert stop_and_start(receiver, tmp_path, 3).hanging == 0


def stop_and_start(receiver: Receiver, folder: Path, times: int) -> Stops:
    """Stop it in order under load, start it again, and see that it has what it acknowledged."""
    began = time.monotonic()
    receiver.log = folder / "receiver.log"
    receiver.start()
    load = Load(receiver, folder, PATIENCE)
    for _ in range(times):
        status, _ = receiver.stop()
        assert status == 0
        receiver.start()
        time.sleep(0.3)
    lines = load.end()
    assert "Traceback" not in receiver.log.read_text()
    assert_all_kept(receiver, lines)
    hanging = lines.count("HANGS")
    return Stops(len(lines) - hanging, hanging, time.monotonic() - began)
