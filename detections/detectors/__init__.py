"""Object detection backends; one file each, the contract in base.py."""

from __future__ import annotations

from detections.detectors.base import Detector
from environment import Environment


def create(name: str, env: Environment) -> Detector:
    """Load the backend called `name`; raises `ModelProblem` with what to run, or `KeyError` for a name not known."""
    if name == "openvino-ssd":
        from detections.detectors.openvino_ssd import OpenVinoSsd

        return OpenVinoSsd(env)
    if name == "opencv-ssd":
        from detections.detectors.opencv_ssd import OpenCvSsd

        return OpenCvSsd(env)
    raise KeyError(name)
