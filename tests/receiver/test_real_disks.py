"""Real disks that are full or read-only: what is refused is answered and counted, and it goes on by itself."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from .accounts import accounts
from .conftest import Receiver, until
from .disks import disk
from .sending import Cameras, cameras

SIZE = "16m"


def refused(receiver: Receiver) -> dict[str, Any]:
    """What the receiver itself has counted."""
    document = json.loads((receiver.data / "run" / "receiver-hub.json").read_text())
    counts: dict[str, Any] = document["refused"]
    return counts


def until_refused(sent: Cameras, reason: bytes) -> None:
    """Return once each camera was refused some messages more for one reason."""
    before = [len(camera.refused) for camera in sent.each]
    until(lambda: all(len(one.refused) >= n + 3 for one, n in zip(sent.each, before, strict=True)))
    assert set(sent.refused) == {reason}


def assert_nothing_is_lost(receiver: Receiver, sent: Cameras) -> None:
    found = accounts(receiver, sent)
    found.assert_balanced()
    assert found.unrecorded == []
    assert sent.unanswered == []
    names = [path for path in (receiver.data / "images").rglob("*") if path.is_file() and path.suffix != ".jpg"]
    assert [path.name for path in names if path.name != "ballast"] == [], "nothing half-written is left"


@pytest.mark.parametrize("full", ["", "images", "outbox"])
def test_it_refuses_while_a_disk_is_full_and_goes_on_by_itself(receiver: Receiver, tmp_path: Path, full: str) -> None:
    """A full `outbox` refuses once the file of the journal, whose room is taken beforehand, is full too."""
    with disk(receiver.data / full, SIZE) as small:
        receiver.log = tmp_path / "log"
        receiver.start()
        with cameras(receiver.address, pause=0.0 if full == "outbox" else 0.05) as sent:
            sent.go_on()
            for _ in range(2):
                small.fill()
                until_refused(sent, b"REFUSED disk full")
                small.empty()
                sent.go_on()
        until(lambda: refused(receiver) == {"disk full": len(sent.refused)})
        assert receiver.stop()[0] == 0
        assert_nothing_is_lost(receiver, sent)


def test_it_starts_on_a_full_disk_and_goes_on_by_itself(receiver: Receiver, tmp_path: Path) -> None:
    """The numbers alone suffer: those since the last save are lost with a stop."""
    with disk(receiver.data, SIZE) as small:
        receiver.log = tmp_path / "log"
        receiver.start()
        with cameras(receiver.address, pause=0.05) as sent:
            sent.go_on()
            small.fill()
            assert receiver.stop()[0] == 0
            receiver.start()
            until_refused(sent, b"REFUSED disk full")
            small.empty()
            sent.go_on()
        until(lambda: refused(receiver).get("disk full"))
        assert receiver.stop()[0] == 0
        assert_nothing_is_lost(receiver, sent)


def test_it_refuses_while_the_folder_is_read_only_and_goes_on_by_itself(receiver: Receiver, tmp_path: Path) -> None:
    with disk(receiver.data / "images", SIZE) as small:
        receiver.log = tmp_path / "log"
        receiver.start()
        with cameras(receiver.address, pause=0.05) as sent:
            sent.go_on()
            small.allow("ro")
            until_refused(sent, b"REFUSED cannot be written")
            small.allow("rw")
            sent.go_on()
        until(lambda: refused(receiver) == {"cannot be written": len(sent.refused)})
        assert receiver.stop()[0] == 0
        assert_nothing_is_lost(receiver, sent)
