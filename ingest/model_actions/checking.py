"""`manage.py models check [MODEL]`: verify a model's files, load it, and look at a picture of the demo."""

from __future__ import annotations

import time
from argparse import ArgumentParser, ArgumentTypeError
from dataclasses import replace
from typing import Any

from rich.console import Console

from detections import detectors, modelfiles
from detections.detectors.base import FoundObject
from environment import DETECTORS, ONNX, Environment
from environment_readers import choice_or_file
from ingest.model_actions.demo_pictures import demo_pictures

HELP = "verify a model's files, load it and look at a picture of the demo"


def detector_name(text: str) -> str:
    """A value of DETECTOR."""
    try:
        return choice_or_file(ONNX, *DETECTORS)(text)
    except ValueError as problem:
        raise ArgumentTypeError(f"{text!r} cannot be used: it wants {problem}") from None


def arguments(parser: ArgumentParser) -> None:
    """Which one."""
    parser.add_argument("model", nargs="?", type=detector_name, metavar="MODEL", help="as in DETECTOR; else the chosen")


def run(env: Environment, options: dict[str, Any], console: Console) -> None:
    """Check it; raises `ModelProblem` or `OSError`."""
    name = options["model"] or env.detector
    env = replace(env, detector=name)
    modelfiles.prepare(env, console.out)
    for file in modelfiles.detector_files(name, env):
        known = "is the one that is known" if file.sha256 else "is yours"
        console.out(f"✓ {file.find()}: SHA-256 {modelfiles.sha256_of(file.find())[:12]}… {known}", highlight=False)
    started = time.perf_counter()
    detector = detectors.create(name, env)
    console.out(f"✓ loaded in {time.perf_counter() - started:.1f} s as {described(detector)}", highlight=False)
    picture = demo_pictures()[-1]
    found = detector.detect(picture)
    console.out(f"✓ looked at demo/pictures/{picture.name} and found {in_words(found)}", highlight=False)


def described(detector: object) -> str:
    """A detector's name, and what is known of its kind and its labels."""
    from detections.detectors.onnx_file import OnnxDetector

    if not isinstance(detector, OnnxDetector):
        return str(getattr(detector, "name", ""))
    labels = f"{len(detector.labels)} labels, {', '.join(detector.labels[:3])}"
    return f"{detector.name}: {detector.family.name}, {labels}{', …' if len(detector.labels) > 3 else ''}"


def in_words(found: list[FoundObject]) -> str:
    """The objects, best first."""
    return "; ".join(f"{one.label} {one.score:.2f} at {box(one)}" for one in found) or "nothing"


def box(one: FoundObject) -> str:
    """Its corners in whole pixels."""
    x1, y1, x2, y2 = (round(edge) for edge in one.box)
    return f"({x1}, {y1}) to ({x2}, {y2})"
