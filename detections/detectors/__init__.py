"""Object detection backends; one file each, the contract in base.py."""

from __future__ import annotations

from collections.abc import Callable

from detections import modelfiles, precision
from detections.detectors.base import Detector
from environment import Environment, is_onnx_file


def create(name: str, env: Environment) -> Detector:
    """Load the backend called `name`; raises `ModelProblem` with what to run, or `KeyError` for a name not known."""
    if name == "openvino-ssd":
        from detections.detectors.openvino_ssd import OpenVinoSsd

        return OpenVinoSsd(env)
    if name == "opencv-ssd":
        from detections.detectors.opencv_ssd import OpenCvSsd

        return OpenCvSsd(env)
    if file := modelfiles.onnx_file(name, env):
        from detections.detectors.onnx_file import OnnxDetector

        return OnnxDetector(file, own=is_onnx_file(name))
    raise KeyError(name)


def prepare(env: Environment, say: Callable[[str], None] = print) -> None:
    """`precision.prepare`, and load an ONNX file once: what cannot be used stops the start, not every picture.

    Raises `ModelProblem` or `OSError`.
    """
    precision.prepare(env, say)
    if modelfiles.onnx_file(env.detector, env):
        create(env.detector, env)
