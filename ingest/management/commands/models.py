"""`manage.py models prepare`: check the model files and convert them for this machine."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

import environment
from detections import modelfiles


class Command(BaseCommand):
    """Check and convert model files."""

    help = "Checks the model files and converts what has to be converted, once."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Accept the action."""
        parser.add_argument("action", choices=["prepare"])

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Prepare the models that the settings name."""
        env = environment.current()
        try:
            modelfiles.prepare(env, self.stdout.write)
        except modelfiles.ModelProblem as problem:
            environment.fail(str(problem))
        for file in modelfiles.needed(env):
            self.stdout.write(f"{file.name}: {file.find()} ({file.licence})")
