"""`manage.py models prepare|quantize`: model files made ready for this machine."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from rich.console import Console

import environment
from detections import modelfiles, precision
from ingest.management import quantizing


class Command(BaseCommand):
    """Check, convert and quantise model files."""

    help = "Checks the model files and converts what has to be converted, once; makes INT8 of the detector."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Accept an action and what it takes."""
        actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
        actions.add_parser("prepare", help="check the files, convert what has to be converted")
        quantizing.add_arguments(
            actions.add_parser("quantize", help="make INT8 of the SSD, faster on most processors, and compare it")
        )

    def handle(self, *_args: Any, action: str, **options: Any) -> None:
        """Do it."""
        env = environment.current()
        try:
            if action == "quantize":
                quantizing.run(env, options, Console())
            else:
                self.prepare(env)
        except modelfiles.ModelProblem as problem:
            environment.fail(str(problem))

    def prepare(self, env: environment.Environment) -> None:
        """Prepare the models that the settings name."""
        precision.prepare(env, self.stdout.write)
        for file in modelfiles.needed(env):
            self.stdout.write(f"{file.name}: {file.find()} ({file.licence})")
