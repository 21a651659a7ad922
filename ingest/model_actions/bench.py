"""`manage.py models bench`: how fast each installed model is on this machine, and which one to take."""

from __future__ import annotations

import statistics
import time
from argparse import ArgumentParser
from dataclasses import dataclass, replace
from typing import Any

from rich.console import Console
from rich.progress import track
from rich.table import Table
from rich.text import Text

from detections import catalogue, detectors, modelfiles
from detections.catalogue import Entry
from detections.detectors.base import Detector
from detections.modelfiles import ModelProblem
from detections.picture import Picture
from environment import Environment
from ingest.model_actions.demo_pictures import demo_pictures

HELP = "time each installed model on this machine and suggest one"
ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Timing:
    """What one picture costs, from JPEG bytes to boxes."""

    entry: Entry
    ms: float
    cpu_ms: float


def arguments(parser: ArgumentParser) -> None:
    """How long."""
    parser.add_argument("--rounds", type=int, default=ROUNDS, metavar="N", help=f"over all pictures; {ROUNDS}")


def run(env: Environment, options: dict[str, Any], console: Console) -> None:
    """Time them and say which one to take; raises `ModelProblem` or `OSError`."""
    pictures = demo_pictures()
    installed = [entry for entry in catalogue.entries(env) if not entry.problem]
    steps = track(installed, "timing", console=console, disable=not console.is_terminal, transient=True)
    timings = [timed(entry, env, pictures, max(1, options["rounds"]), console) for entry in steps]
    columns = ("", "DETECTOR", "precision", "ms an image", "CPU ms an image", "COCO AP")
    table = Table(*columns, box=None, padding=(0, 2, 0, 0))
    for one in sorted(timings, key=lambda timing: timing.cpu_ms):
        mark = "[green]●[/green]" if one.entry.chosen else ""
        name, ap = Text(one.entry.name, overflow="fold"), one.entry.published_ap
        exact = "not known" if ap is None else f"{ap:.2f}"
        table.add_row(mark, name, one.entry.precision, f"{one.ms:.1f}", f"{one.cpu_ms:.1f}", exact)
    console.print(table)
    size = f"{pictures[0].width}x{pictures[0].height}"
    basis = (
        f"\nMedians over {len(pictures)} pictures of {size}, JPEG to boxes; COCO AP of f32, as its authors state it."
    )
    console.print(basis, style="dim", soft_wrap=True)
    console.print(advice(timings, env), soft_wrap=True, highlight=False, markup=False)


def timed(entry: Entry, env: Environment, pictures: list[Picture], rounds: int, console: Console) -> Timing:
    """The medians of one model, after a first round that does not count; raises `ModelProblem` or `OSError`."""
    env = replace(env, detector=entry.name, detector_precision=entry.precision.lower())
    modelfiles.prepare(env, console.out)
    detector = detectors.create(entry.name, env)
    for picture in pictures:
        once(detector, picture)
    spent = [once(detector, picture) for _ in range(rounds) for picture in pictures]
    return Timing(entry, *(statistics.median(column) for column in zip(*spent, strict=True)))


def once(detector: Detector, picture: Picture) -> tuple[float, float]:
    """Milliseconds of one look, of the clock and of all cores together."""
    wall, cpu = time.perf_counter(), time.process_time()
    detector.detect(Picture(picture.data, picture.name))
    return (time.perf_counter() - wall) * 1000, (time.process_time() - cpu) * 1000


def advice(timings: list[Timing], env: Environment) -> str:
    """Which one to take, and why: the most exact whose exactness is known, of equals the one that costs least."""
    known = [one for one in timings if one.entry.published_ap is not None]
    if not known:
        raise ModelProblem("no built-in model is installed: run python manage.py models prepare")
    best = max(known, key=lambda one: (one.entry.published_ap or 0, -one.cpu_ms))
    name, ap = best.entry.name, best.entry.published_ap
    why = f"the most exact of those that are known (COCO AP {ap}), at {best.cpu_ms:.0f} ms of one core an image"
    lines = [f"Suggested: {name} in {best.entry.precision}. It is {why}."]
    if best.entry.chosen:
        lines.append("It is chosen already.")
    elif name == env.detector:
        lines.append("To use it, set DETECTOR_PRECISION=auto in .env and start again.")
    else:
        lines.append(f"To use it, set DETECTOR={name} in .env and start again.")
    entries = catalogue.entries(env)
    if not any(one.precision == "INT8" for one in entries):
        lines.append("Not made yet: INT8 of openvino-ssd, which takes less than half the time: make quantize.")
    if any(one.entry.published_ap is None for one in timings):
        lines.append("How exact your own models are, your own pictures tell: manage.py inspect shows what one finds.")
    missing = [one for one in entries if one.problem and (one.published_ap or 0) > (ap or 0)]
    lines += [f"More exact, and not fetched yet: python manage.py models fetch {one.name}." for one in missing]
    return "\n".join(lines)
