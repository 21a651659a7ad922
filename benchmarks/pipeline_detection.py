"""CPU time of object detection in f32 against the usual way; benchmarks/detection.py has the rest."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

import environment
from benchmarks.detection_cpu import ratios
from detections import modelfiles


def measure() -> dict[str, float]:
    """`detection_cpu_ratio`: CPU time an image of plain cv2.dnn over that of the default detector."""
    with tempfile.TemporaryDirectory() as folder:
        env = replace(environment.current(), data_dir=Path(folder), detector="openvino-ssd")
        modelfiles.prepare(env)
        return {"detection_cpu_ratio": ratios(env, ("f32",))["f32"]}
