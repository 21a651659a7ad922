"""How well and how fast plates are read: `python -m benchmarks.plates FOLDER [--misses]`.

`FOLDER` holds labelled photos in us, eu and br: beside each NAME.jpg a NAME.txt with one line, the photo's file name,
x, y, width and height of the plate in pixels and its text, separated by tabs. What is read is what a camera set to
`always` would get; the best text counts, with O as 0 and I as 1.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise
from pathlib import Path

import environment
from benchmarks.figures import Bound, finish
from detections import detectors, modelfiles
from detections.detectors.base import Detector
from detections.detectors.labels import VEHICLES
from detections.picture import Box, Picture
from environment import Environment
from plates import readers
from plates.looking import read_picture
from plates.readers.base import FoundPlate, PlateReader
from plates.text import fold
from tests.harness import DRIVES

BOUNDS = {
    "us": Bound(at_least=0.80),
    "eu": Bound(at_least=0.95),
    "br": Bound(at_least=0.97),
    "precision_at_90": Bound(at_least=0.97),
    "vehicle_ms": Bound(at_most=150),
    "whole_ms": Bound(at_most=300),
}
REGIONS = ("us", "eu", "br")
SURE = 0.9
ROUNDS = 5
STEPS = (0, 0.1, 0.3, 0.5, 0.7, 0.9, 1.01)


@dataclass(frozen=True, slots=True)
class Answer:
    """What was read in one photo, best first, and whether the first is right."""

    region: str
    name: str
    label: str
    found: list[FoundPlate]

    @property
    def right(self) -> bool:
        """Whether the best text is the label's."""
        return bool(self.found) and fold(self.found[0].text) == fold(self.label)

    @property
    def confidence(self) -> float:
        """That of the best text; 0 without one."""
        return self.found[0].confidence if self.found else 0.0


def main(folder: Path, misses: bool) -> None:
    """Measure everything and print the figures."""
    with tempfile.TemporaryDirectory() as place:
        env = replace(environment.current(), data_dir=Path(place), detector="openvino-ssd", inference_threads=2)
        modelfiles.prepare(env)
        detector, reader = detectors.create(env.detector, env), readers.create(env.plate_reader, env)
        answers = list(read_all(folder, env, detector, reader))
        if misses:
            show_misses(answers)
        show_calibration(answers)
        finish("plates", shares(answers) | times(env, detector, reader), BOUNDS)


def read_all(folder: Path, env: Environment, detector: Detector, reader: PlateReader) -> Iterator[Answer]:
    """Every labelled photo, read; raises `SystemExit` for a folder without any."""
    for region in REGIONS:
        labels = sorted((folder / region).glob("*.txt"))
        if not labels:
            raise SystemExit(f"{folder / region} holds no labels (NAME.txt beside NAME.jpg)")
        for label in labels:
            name, *_, text = label.read_text(encoding="utf-8").strip().split("\t")
            picture = Picture.read(folder / region / name)
            yield Answer(region, name, text, read_picture(reader, picture, vehicles(env, detector, picture), "always"))


def vehicles(env: Environment, detector: Detector, picture: Picture) -> list[Box]:
    """Boxes of vehicles, as detection would hand them on."""
    return [one.box for one in detector.detect(picture, env.detection_min_score) if one.label in VEHICLES]


def shares(answers: list[Answer]) -> dict[str, float]:
    """The share of right answers of each region, and of those that are sure."""
    measured = {region: statistics.mean(one.right for one in answers if one.region == region) for region in REGIONS}
    sure = [one.right for one in answers if one.confidence >= SURE]
    return measured | {"precision_at_90": statistics.mean(sure) if sure else 0.0}


def show_misses(answers: list[Answer]) -> None:
    """Each photo whose best text is wrong, with every candidate: tells a lost line from a lost vote."""
    for one in answers:
        if not one.right:
            found = [[f"{text.text} {text.confidence:.2f}" for text in plate.candidates] for plate in one.found]
            print(f"  {one.region} {one.name}: {one.label}, read {found}", flush=True)


def show_calibration(answers: list[Answer]) -> None:
    """How often answers of a confidence are right."""
    for low, high in pairwise(STEPS):
        rows = [one for one in answers if one.found and low <= one.confidence < high]
        if rows:
            mean = statistics.mean(one.confidence for one in rows)
            right = sum(one.right for one in rows)
            print(
                f"  confidence {low:.1f} to {min(high, 1):.1f}: {right} of {len(rows)} right, mean {mean:.2f}",
                flush=True,
            )


def times(env: Environment, detector: Detector, reader: PlateReader) -> dict[str, float]:
    """Median milliseconds from a vehicle's box to its text, and of a whole picture, over the demo's pictures."""
    pictures = [Picture.read(path) for path in DRIVES]
    boxes = [vehicles(env, detector, picture)[:1] for picture in pictures]
    looks = [partial(reader.read_boxes, picture, found) for picture, found in zip(pictures, boxes, strict=True)]
    return {
        "vehicle_ms": median_ms(looks),
        "whole_ms": median_ms([partial(reader.read_whole, picture) for picture in pictures]),
    }


def median_ms(jobs: Sequence[Callable[[], object]]) -> float:
    """The median over all jobs, each done several times after one that warms up."""
    taken = []
    for job in jobs:
        job()
        for _ in range(ROUNDS):
            started = time.perf_counter()
            job()
            taken.append((time.perf_counter() - started) * 1000)
    return statistics.median(taken)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="benchmarks.plates", description="Plates: share read right, and time.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--misses", action="store_true", help="print every miss with its candidates")
    given = parser.parse_args()
    main(given.folder, given.misses)
