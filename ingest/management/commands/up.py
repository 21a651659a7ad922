"""`manage.py up`: prepare and run everything on this machine until Ctrl-C."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from rich.console import Console

import environment
from detections.modelfiles import ModelProblem
from environment import EnvironmentProblem
from ingest.up.session import Stopped, hub_address, running, stay, web_url


class Command(BaseCommand):
    """Start receiver, workers, beat, web, Flower and, without REDIS_URL, a broker; keep them running."""

    help = "Prepares and runs everything on this machine until Ctrl-C."
    requires_system_checks: list[str] = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Run until stopped."""
        env = environment.current()
        console = Console()
        console.print(f"[bold]librarian[/bold] keeps its data in {env.data_dir}", highlight=False)
        try:
            with running(env, console) as stack:
                console.print(f"Open [bold]{web_url(env)}[/bold]")
                console.print(f"Cameras send to [bold]{hub_address(env)}[/bold]; logs are in {env.logs_dir}")
                console.print("Ctrl-C stops everything.")
                stay(stack, console)
        except Stopped:
            return
        except (EnvironmentProblem, ModelProblem) as problem:
            environment.fail(str(problem))
        environment.fail(f"the supervisor ended: see {env.logs_dir}/supervisord.log")
