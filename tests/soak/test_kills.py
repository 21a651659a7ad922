"""A hundred kills of the receiver, at every point on a picture's way."""

from pathlib import Path

import pytest

from tests.receiver.conftest import Broker, Receiver
from tests.receiver.killing import POINTS
from tests.receiver.test_kills import kill_again_and_again

pytestmark = pytest.mark.soak
KILLS = 100


def test_a_hundred_kills_lose_nothing_and_double_nothing(
    receiver: Receiver, broker: Broker, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    toll = kill_again_and_again(receiver, broker, tmp_path, KILLS)
    found = toll.accounts
    with capsys.disabled():
        print(f"\n{toll.kills.total()} kills in {toll.seconds:.0f} s:")
        print("\n".join(f"  {toll.kills[point]:3} {point}" for point in POINTS))
        print(f"acknowledged {found.acknowledged}, lost {len(found.lost)}, doubled {len(found.doubled)}")
        print(f"incomplete {len(found.incomplete)}, unrecorded {len(found.unrecorded)}; unanswered {toll.unanswered}")
    assert toll.kills.total() == KILLS
    assert min(toll.kills[point] for point in POINTS) >= 15
    found.assert_balanced()
