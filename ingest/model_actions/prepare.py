"""`manage.py models prepare`: check the model files and convert them for this machine."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from rich.console import Console

from detections import detectors, modelfiles
from environment import Environment

HELP = "check the files that the settings need and convert what has to be converted, once"


def arguments(_parser: ArgumentParser) -> None:
    """None."""


def run(env: Environment, _options: dict[str, Any], console: Console) -> None:
    """Prepare the models that the settings name; raises `ModelProblem` or `OSError`."""
    detectors.prepare(env, console.out)
    for file in modelfiles.needed(env):
        licence = f" ({file.licence})" if file.licence else ""
        console.out(f"{file.name}: {file.find()}{licence}", highlight=False)
