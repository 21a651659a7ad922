"""The detectors there are on this machine: built in, to be fetched, and ONNX files that the user brought."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from detections import modelfiles, precision
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
        """How exact it is on COCO in f32, 0 to 1, as its authors state it; None for the user's own."""
        return PUBLISHED_AP.get(self.name)


def entries(env: Environment) -> list[Entry]:
    """Every detector that is known, the built-in ones first, INT8 after its f32; reads the ONNX files."""
    found = [_entry(name, env) for name in (*DETECTORS, *own_files(env))]
    int8 = _int8(env)
    return [*found[:1], int8, *found[1:]] if int8 else found


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
    chosen = name == env.detector and not (name == "openvino-ssd" and _uses_int8(env))
    return Entry(name, kind, tuple(files), licence, "f32", problem, chosen)


def _int8(env: Environment) -> Entry | None:
    """INT8 of the SSD, if it was made here."""
    try:
        record = precision.read_record(env)
    except ModelProblem as found:
        return Entry("openvino-ssd", "SSD MobileNet v2", (), "Apache-2.0", "INT8", str(found), False)
    if record is None:
        return None
    network = precision.network_file(env, record.digest)
    files = (network, network.with_suffix(".bin"))
    problem = f"INT8 of openvino-ssd: {record.problem}" if record.problem else ""
    return Entry("openvino-ssd", "SSD MobileNet v2", files, "Apache-2.0", "INT8", problem, _uses_int8(env))


def _uses_int8(env: Environment) -> bool:
    try:
        return precision.chosen(env) is not None
    except ModelProblem:
        return False


def _kind(file: Path) -> str:
    """What an ONNX file holds; loads OpenVINO, and raises `ModelProblem`."""
    from detections.detectors.onnx_file import kind

    return kind(file)
