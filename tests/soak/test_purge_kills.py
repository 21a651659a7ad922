"""A hundred kills of a purge, at every point on its way."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ingest.purge_killing import POINTS
from tests.ingest.purge_site import kill_again_and_again

pytestmark = [pytest.mark.soak, pytest.mark.django_db(transaction=True)]


def test_a_hundred_kills_of_a_purge_leave_rows_files_and_counts_in_step(data_dir: Path) -> None:
    kills = kill_again_and_again(data_dir, 100)
    assert set(kills) == set(POINTS) and min(kills.values()) >= 14
