"""Speed of detection and what INT8 loses: `python -m benchmarks.detection [FOLDER]`.

`FOLDER` holds labelled photos (images/NAME.jpg, labels/NAME.txt as YOLO's tools write them). Without it what INT8 loses
on labels is not measured, and its figure is left out.
"""

from __future__ import annotations

import os
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from rich.console import Console

import environment
from benchmarks.detection_cpu import ratios
from benchmarks.detection_rate import pipeline_ratio
from benchmarks.figures import Bound, finish
from detections import modelfiles
from detections.precision import MAX_AP_LOSS, Record
from detections.quantizing.making import quantize
from detections.quantizing.samples import choose
from environment import Environment

BOUNDS = {
    "cpu_ratio_f32": Bound(at_least=2.5),
    "cpu_ratio_int8": Bound(at_least=6),
    "pipeline_ratio": Bound(at_least=0.8),
    "workers_memory_mb": Bound(at_most=1000),
}
LABELLED = {"int8_ap_loss": Bound(at_most=MAX_AP_LOSS)}


def main(labelled: Path | None) -> None:
    """Measure everything and print the figures."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        env = replace(environment.current(), data_dir=folder, detector="openvino-ssd", detector_precision="auto")
        modelfiles.prepare(env)
        record = made(env, labelled)
        found = ratios(env, ("f32", "int8"))
        measured = {f"cpu_ratio_{name}": ratio for name, ratio in found.items()}
        measured |= rates(folder, env)
    bounds = BOUNDS
    if record.ap_loss is not None:
        measured["int8_ap_loss"], bounds = record.ap_loss, BOUNDS | LABELLED
        print(f"  AP {record.ap_f32:.4f} with f32, {record.ap_int8:.4f} with INT8", flush=True)
    else:
        print("  int8_ap_loss: give a folder of labelled photos to measure it", flush=True)
    finish("detection", measured, bounds)


def made(env: Environment, labelled: Path | None) -> Record:
    """INT8 from the sample pictures alone, so that every labelled photo is new to it."""
    return quantize(env, choose(env.images_dir, count=300), labelled, Console())


def rates(folder: Path, env: Environment) -> dict[str, float]:
    """`pipeline_ratio` and the memory of the workers in f32, busy on every core; INT8 is printed beside."""
    measured: dict[str, float] = {}
    for name in ("int8", "f32"):
        site = folder / f"site-{name}"
        site.mkdir()
        ratio, memory = pipeline_ratio(site, env.models_dir, name, os.cpu_count() or 1)
        print(f"  {name}: {ratio:.2f} of the bare detector, workers take {memory:.0f} MB", flush=True)
        measured = {"pipeline_ratio": ratio, "workers_memory_mb": memory}
    return measured


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
