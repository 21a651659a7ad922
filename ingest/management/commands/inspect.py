"""`manage.py inspect PICTURE...`: what librarian finds in picture files, nothing stored."""

from __future__ import annotations

import json
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand
from rich.console import Console
from rich.progress import track
from rich.table import Table

import environment
from detections import detectors, modelfiles
from ingest.inspecting import inspect_file
from plates import readers


def score(text: str) -> float:
    """A score from 0 to 1."""
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise ArgumentTypeError(f"{text!r} is not a score from 0 to 1")
    return value


class Command(BaseCommand):
    """Detect objects and read plates in files; needs no database."""

    help = "Finds objects and number plates in picture files; stores nothing, needs no database."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Accept pictures, --json and --min-score."""
        parser.add_argument("pictures", nargs="+", metavar="PICTURE")
        parser.add_argument("--json", action="store_true", help="only a JSON list on standard output")
        parser.add_argument("--min-score", type=score, help="weakest detection, 0 to 1; else DETECTION_MIN_SCORE")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Inspect every picture; exit status 1 where one could not be read."""
        env, errors = environment.current(), Console(stderr=True)
        try:
            modelfiles.prepare(env, errors.print)
            detector, reader = detectors.create(env.detector, env), readers.create(env.plate_reader, env)
        except modelfiles.ModelProblem as problem:
            environment.fail(str(problem))
        files = track(options["pictures"], "inspecting", console=errors, disable=not errors.is_terminal, transient=True)
        least = env.detection_min_score if options["min_score"] is None else options["min_score"]
        results = [inspect_file(file, detector, reader, least) for file in files]
        if options["json"]:
            self.stdout.write(json.dumps(results))
        else:
            show(results, Console())
        failed = [result for result in results if "error" in result]
        for result in failed:
            errors.print(f"{result['file']}: {result['error']}", style="red", markup=False)
        if failed:
            raise SystemExit(1)


def show(results: list[dict[str, Any]], console: Console) -> None:
    """Print the findings for a person."""
    table = Table("file", "objects", "plates", "ms", title=None, box=None, padding=(0, 2))
    for result in results:
        objects = ", ".join(f"{one['label']} {one['score']:.2f}" for one in result["detections"])
        plates = ", ".join(f"{one['text']} {one['confidence']:.2f}" for one in result["plates"])
        spent = f"{sum(result['ms'].values()):.0f}"
        table.add_row(result["file"], objects or "–", plates or "–", spent)
    console.print(table)
