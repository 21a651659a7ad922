"""`manage.py prepare`: make everything ready that `up` starts; `up` calls it, and so do systemd and Docker."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from rich.console import Console

import environment
from detections.modelfiles import ModelProblem
from environment import EnvironmentProblem
from ingest.up.prepare import check_ports, prepare


class Command(BaseCommand):
    """Make folders, models, database, static files and an administrator ready; can be run again."""

    help = "Makes folders, models, database, static files and an administrator ready."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """What `up` adds."""
        parser.add_argument("--ports", action="store_true", help="stop where another program has a port of ours")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Prepare, or end with the line that says what is missing."""
        console = Console(soft_wrap=True, highlight=False)
        try:
            env = environment.current()
            if options["ports"]:
                check_ports(env)
            prepare(env, console.print)
        except KeyboardInterrupt:
            raise SystemExit(130) from None
        except (EnvironmentProblem, ModelProblem) as problem:
            environment.fail(str(problem))
