"""`manage.py models`: check, list, fetch and time the models; each action is a module of `ingest.model_actions`."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from rich.console import Console

import environment
from detections.modelfiles import ModelProblem
from ingest.model_actions import Action, bench, checking, fetching, listing, prepare, quantizing

ACTIONS: dict[str, Action] = {
    "prepare": prepare,
    "list": listing,
    "fetch": fetching,
    "check": checking,
    "bench": bench,
    "quantize": quantizing,
}


class Command(BaseCommand):
    """Do one thing with the models; needs no database."""

    help = "The models that find objects, see docs/models.md."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One action and what it takes."""
        actions = parser.add_subparsers(dest="action", required=True)
        for name, action in ACTIONS.items():
            action.arguments(actions.add_parser(name, help=action.HELP, description=action.HELP))

    def handle(self, *_args: Any, **options: Any) -> None:
        """Do it, or end with the line that says what is wrong."""
        env = environment.stop_on_problem()
        try:
            ACTIONS[options["action"]].run(env, options, Console(highlight=False))
        except KeyboardInterrupt:
            self.stderr.write("Stopped. Run the same command again to go on.")
            raise SystemExit(130) from None
        except ModelProblem as problem:
            environment.fail(str(problem))
        except OSError as problem:
            environment.fail(f"{problem.filename or env.models_dir}: {problem.strerror}.")
