"""`manage.py prepare`: make everything ready that `up` starts; `up` calls it."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from rich.console import Console

import environment
from detections.modelfiles import ModelProblem
from environment import EnvironmentProblem
from ingest.up.prepare import prepare


class Command(BaseCommand):
    """Make folders, models, database, static files and an administrator ready; can be run again."""

    help = "Makes folders, models, database, static files and an administrator ready."
    requires_system_checks: list[str] = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Prepare, or end with the line that says what is missing."""
        console = Console(soft_wrap=True, highlight=False)
        try:
            prepare(environment.current(), console.print)
        except KeyboardInterrupt:
            raise SystemExit(130) from None
        except (EnvironmentProblem, ModelProblem) as problem:
            environment.fail(str(problem))
