"""Fifty stops and starts of the receiver under load."""

from pathlib import Path

import pytest

from tests.receiver.conftest import Receiver
from tests.receiver.test_stops import stop_and_start

pytestmark = pytest.mark.soak
STOPS = 50


def test_fifty_stops_leave_no_sender_hanging(
    receiver: Receiver, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    done = stop_and_start(receiver, tmp_path, STOPS)
    with capsys.disabled():
        print(f"\n{STOPS} stops in {done.seconds:.0f} s: acknowledged {done.acknowledged}, hanging {done.hanging}")
    assert done.hanging == 0
