"""An ONNX file as a detector: what kind of network it is, is told by its inputs and outputs, never by its name."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar, Protocol

from detections.detectors.base import DEFAULT_MIN_SCORE, FoundObject
from detections.detectors.deim import Deim
from detections.detectors.found import Rows, named
from detections.detectors.label_files import labels_for
from detections.detectors.onnx_network import MEND, Network
from detections.detectors.yolo import Yolo
from detections.detectors.yolox import Yolox
from detections.modelfiles import LocalFile, ModelProblem, sha256_of
from detections.picture import Picture

LONGEST_NAME = 64
"""Characters; what the column of models in the database has room for."""


class Family(Protocol):
    """Networks of one kind. Made of a network that fits; raises `ModelProblem` then for one that cannot be run."""

    name: ClassVar[str]
    understood: ClassVar[str]
    """The inputs and outputs by which it is known, for people."""
    classes: int | None
    """How many it knows; None where the network does not tell."""

    def __init__(self, network: Network) -> None: ...

    @staticmethod
    def fits(network: Network) -> bool:
        """Whether inputs and outputs are those of this kind."""
        ...

    def find(self, picture: Picture, min_score: float) -> Rows:
        """The objects at `min_score` or better; raises `UnreadablePicture`."""
        ...


FAMILIES: tuple[type[Family], ...] = (Deim, Yolox, Yolo)


def family_of(network: Network) -> type[Family]:
    """The family that a network belongs to; raises `ModelProblem` that names what was seen and what is understood."""
    for family in FAMILIES:
        if family.fits(network):
            return family
    inputs, outputs = (", ".join(str(port) for port in ports) for ports in (network.inputs, network.outputs))
    understood = "; ".join(f"{family.name}: {family.understood}" for family in FAMILIES)
    raise ModelProblem(
        f"{network.path} is of no kind that is understood: its inputs are {inputs}; its outputs are {outputs}. "
        f"Understood are {understood}. To mend it, {MEND}"
    )


def kind(path: Path) -> str:
    """What kind of network a file holds; raises `ModelProblem`."""
    return family_of(Network(path)).name


class OnnxDetector:
    """A fetched model, or one that the user brings; one stream of one thread as the built-in one."""

    def __init__(self, file: LocalFile, own: bool) -> None:
        """Check and load a file; `own`: the user's, with labels beside it. Raises `ModelProblem`."""
        path = file.checked()
        self.name = path.name if own else file.name
        if len(self.name) > LONGEST_NAME:
            raise ModelProblem(f"{path}: its name has {len(self.name)} characters, {LONGEST_NAME} at most: rename it")
        self.version = sha256_of(path)[:12]
        network = Network(path)
        self.family = family_of(network)(network)
        self.labels = labels_for(path, self.family.classes, own)
        self._path = path

    def detect(self, picture: Picture, min_score: float = DEFAULT_MIN_SCORE) -> list[FoundObject]:
        """The objects found at `min_score` or better, best first; raises `UnreadablePicture` or `ModelProblem`."""
        rows = self.family.find(picture, min_score)
        try:
            return named(rows, self.labels, picture)
        except IndexError:
            raise ModelProblem(
                f"{self._path} found classes from {rows.classes.min()} to {rows.classes.max()}, but there are "
                f"{len(self.labels)} labels, the first for class 0: write all of them to "
                f"{self._path.with_suffix('.txt')}, one a line"
            ) from None
