"""The detectors there are on this machine: built in, to be fetched, and ONNX files that the user brought."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from detections import modelfiles
from detections.fetchable import FETCHABLE
from detections.modelfiles import ModelProblem
from environment import DETECTORS, Environment, is_onnx_file

PUBLISHED_AP = {"openvino-ssd": 0.22, "opencv-ssd": 0.22, "deimv2-femto": 0.31}
"""Average precision on COCO's validation pictures (IoU 0.50 to 0.95), as the authors state it.

TensorFlow 1 Detection Model Zoo, ssd_mobilenet_v2_coco: 22 (https://github.com/tensorflow/models,
tf1_detection_zoo.md); DEIMv2-Femto: 31.0 (https://github.com/Intellindust-AI-Lab/DEIMv2, README).
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """One detector."""

    name: str
    """What DETECTOR calls it."""
    kind: str
    """Its family."""
    files: tuple[Path, ...]
    """Where it lies; none where it is not installed."""
    licence: str
    precision: str
    problem: str
    """What keeps it from being used; empty where nothing does."""
    chosen: bool

    @property
    def size(self) -> int:
        """Bytes of all its files."""
        return sum(file.stat().st_size for file in self.files)

    @property
    def published_ap(self) -> float | None:
        """How exact it is on COCO, 0 to 1, as its authors state it; None for the user's own."""
        return PUBLISHED_AP.get(self.name)


def entries(env: Environment) -> list[Entry]:
    """Every detector that is known, the built-in ones first; reads the ONNX files."""
    return [_entry(name, env) for name in (*DETECTORS, *own_files(env))]


def own_files(env: Environment) -> Iterator[str]:
    """The user's ONNX files: those in the folder of models, and the one that DETECTOR names."""
    fetched = {one.file for one in FETCHABLE.values()}
    found = {str(file) for file in env.models_dir.glob("*") if is_onnx_file(file.name) and file.name not in fetched}
    yield from sorted(found | ({env.detector} if is_onnx_file(env.detector) else set()))


def _entry(name: str, env: Environment) -> Entry:
    sources = modelfiles.detector_files(name, env)
    files: list[Path] = []
    kind = problem = ""
    try:
        files = [source.find() for source in sources]
        kind = _kind(files[0]) if modelfiles.onnx_file(name, env) else "SSD MobileNet v2"
    except ModelProblem as found:
        problem = str(found)
    licence = sources[0].licence or "its authors'"
    if name == "openvino-ssd" and modelfiles.converted_ssd(env).exists():
        files += [modelfiles.converted_ssd(env), modelfiles.converted_ssd(env).with_suffix(".bin")]
    return Entry(name, kind, tuple(files), licence, "f32", problem, name == env.detector)


def _kind(file: Path) -> str:
    """What an ONNX file holds; loads OpenVINO, and raises `ModelProblem`."""
    from detections.detectors.onnx_file import kind

    return kind(file)
