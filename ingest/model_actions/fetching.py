"""`manage.py models fetch MODEL`: download a model from its public address."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

from detections.fetchable import FETCHABLE
from detections.fetching import fetch
from environment import Environment

HELP = "download a model; stopped, it goes on when run again"


def arguments(parser: ArgumentParser) -> None:
    """Which one."""
    parser.add_argument("model", choices=sorted(FETCHABLE), metavar="MODEL", help=", ".join(sorted(FETCHABLE)))


def run(env: Environment, options: dict[str, Any], console: Console) -> None:
    """Fetch it; raises `ModelProblem`."""
    model = FETCHABLE[options["model"]]
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with Progress(*columns, TimeRemainingColumn(), console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task(model.name, total=model.size)
        place = fetch(model, env.models_dir, lambda there: progress.update(task, completed=there))
        progress.update(task, completed=model.size)
    console.out(f"{model.name} is in {place} ({model.licence}, from {model.origin}).", highlight=False)
    if env.detector != model.name:
        console.out(f"To use it, set DETECTOR={model.name} in .env and start again.", highlight=False)
