"""What the statistics cost with a year of 20 cameras that send in every hour: `python -m benchmarks.statistics`."""

from __future__ import annotations

import logging
import os
import tempfile
import time
from datetime import timedelta
from typing import Any

import django

from benchmarks.figures import Bound, finish

BOUNDS = {"queries_max": Bound(at_most=12), "year_over_month": Bound(at_most=8)}
ROUNDS = 5


def main() -> None:
    """Make the counts, ask for the page, and print the figures. On SQLite, unless DATABASE_URL names another."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"DATA_DIR": folder, "REDIS_URL": "redis://127.0.0.1:1/0"}
        os.environ["DJANGO_SETTINGS_MODULE"] = "librarian_project.settings"
        django.setup()
        logging.disable(logging.CRITICAL)
        measured = measure()
    finish("statistics", measured, BOUNDS)


def measure() -> dict[str, float]:
    """queries_max: of any period; year_over_month: the page of a year against that of 30 days, the best of each."""
    from django.core.management import call_command
    from django.test import Client
    from django.test.utils import override_settings, setup_test_environment

    from accounts.models import User
    from benchmarks.statistics_rows import CAMERAS, DAYS, fill

    setup_test_environment()
    call_command("migrate", verbosity=0)
    print(f"counting {DAYS} days of {CAMERAS} cameras, which takes minutes", flush=True)
    fill()
    client = Client()
    client.force_login(User.objects.create_superuser("staff"))
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(STORAGES={"staticfiles": plain}, STATIC_ROOT=None):
        costs = {days: cost(client, days) for days in (1, 30, 90, DAYS)}
    for days, (queries, seconds) in costs.items():
        print(f"  {days} days: {queries} queries, {seconds * 1000:.0f} ms", flush=True)
    return {
        "queries_max": max(queries for queries, _ in costs.values()),
        "year_over_month": costs[DAYS][1] / costs[30][1],
    }


def cost(client: Any, days: int) -> tuple[int, float]:
    """Queries and seconds of the page of the last days, the best of some rounds."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext
    from django.utils import timezone

    today = timezone.localdate()
    address = f"/statistics/?from={today - timedelta(days=days - 1)}&to={today}"
    client.get(address)
    took = []
    for _ in range(ROUNDS):
        with CaptureQueriesContext(connection) as queries:
            begun = time.perf_counter()
            answer = client.get(address)
            took.append(time.perf_counter() - begun)
        assert answer.status_code == 200, address
    return len(queries), min(took)


if __name__ == "__main__":
    main()
