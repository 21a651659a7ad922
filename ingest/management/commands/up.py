"""`manage.py up`: prepare and run everything on this machine until Ctrl-C."""

from __future__ import annotations

import os
import sys
from typing import Any

from django.core.management.base import BaseCommand

from environment import BASE_DIR


class Command(BaseCommand):
    """Start receiver, workers, beat, web, Flower and, without REDIS_URL, a broker; keep them running."""

    help = "Prepares and runs everything on this machine until Ctrl-C."
    requires_system_checks: list[str] = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Become `python -m ingest.up`, which keeps Django out of a process that only waits."""
        os.chdir(BASE_DIR)
        os.execv(sys.executable, [sys.executable, "-m", "ingest.up"])  # noqa: S606
