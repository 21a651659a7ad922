"""Killed at any point, a purge leaves rows, files and counts in step once it runs again, and nothing else is gone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ingest.purge_killing import POINTS
from tests.ingest.purge_site import kill_again_and_again

pytestmark = pytest.mark.django_db(transaction=True)


def test_ten_kills_of_a_purge_leave_rows_files_and_counts_in_step(data_dir: Path) -> None:
    assert set(kill_again_and_again(data_dir, 10)) == set(POINTS)
