"""Whatever the clock does, no name is written twice and no record is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from .accounts import accounts, recorded_paths
from .clocks import EVERY
from .conftest import Receiver, until
from .sending import cameras

KINDS = ["unnamed", "hidden"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_clock_that_steps_back_costs_nothing(receiver: Receiver, tmp_path: Path, kind: str) -> None:
    receiver.module, receiver.log = ("tests.receiver.clocks", "stepping", kind), tmp_path / "log"
    receiver.start()
    with cameras(receiver.address) as sent:
        until(lambda: len(sent.acknowledged) > EVERY * 5)
    assert receiver.stop()[0] == 0
    found = accounts(receiver, sent)
    found.assert_balanced()
    assert (sent.refused, sent.unanswered, found.unrecorded) == ([], [], [])
    stamps = {path.stem[-15:-7] for path in receiver.pictures()}
    assert 2 <= len(stamps) <= 4, "it stepped, and came to the same minutes again"


@pytest.mark.parametrize("kind", KINDS)
def test_two_receivers_never_write_one_name(receiver: Receiver, tmp_path: Path, kind: str) -> None:
    barn = Receiver(receiver.data, settings={"RECEIVER_ID": "barn"}, broker_port=receiver.broker_port)
    both = (receiver, barn)
    for one in both:
        one.module, one.log = ("tests.receiver.clocks", "frozen", kind), tmp_path / "log"
        one.start()
    with cameras(receiver.address) as here, cameras(barn.address, mark="b") as there:
        until(lambda: min(len(here.acknowledged), len(there.acknowledged)) > 150)
    assert [one.stop()[0] for one in both] == [0, 0]
    assert not here.refused and not there.refused
    for one, sent in ((receiver, here), (barn, there)):
        accounts(one, sent).assert_balanced()
    paths = [recorded_paths(record.payload for record in one.records()) for one in both]
    assert not set(paths[0]) & set(paths[1])
    assert len(paths[0]) + len(paths[1]) == len(receiver.pictures())
