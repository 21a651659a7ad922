"""SSD MobileNet v2 on OpenVINO, from the network that `manage.py models prepare` or `models quantize` made."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from detections import modelfiles, precision
from detections.detectors.base import DEFAULT_MIN_SCORE, FoundObject
from detections.detectors.labels import LABELS
from detections.detectors.openvino_runtime import compile_model, read_model, release_weights
from detections.detectors.ssd import SIDE, found_objects, network_input
from detections.picture import Picture
from environment import Environment


class OpenVinoSsd:
    """One stream of one thread: workers for several pictures at once use the cores better than threads for one do."""

    name = "openvino-ssd"

    def __init__(self, env: Environment) -> None:
        """Load the network of the precision that DETECTOR_PRECISION asks for; raises `ModelProblem`."""
        path, self.version = network(env)
        self._request = compile_model(read_model(path), threads=1).create_infer_request()
        self._request.infer([np.zeros((1, SIDE, SIDE, 3), np.uint8)])  # the weights are in place only after a first use
        release_weights(path.with_suffix(".bin").resolve())

    def detect(self, picture: Picture, min_score: float = DEFAULT_MIN_SCORE) -> list[FoundObject]:
        """The objects found at `min_score` or better, best first; raises `UnreadablePicture`."""
        pixels = network_input(picture)[np.newaxis]
        rows = self._request.infer([pixels], share_inputs=True, share_outputs=True)[0].reshape(-1, 7)
        return found_objects(rows, dict(enumerate(LABELS)), picture, min_score)


def network(env: Environment) -> tuple[Path, str]:
    """The network to load and its version; raises `ModelProblem` when there is none."""
    path, version = modelfiles.converted_ssd(env), modelfiles.SSD_GRAPH.sha256[:12]
    if not path.exists():
        raise modelfiles.ModelProblem(modelfiles.not_converted(env))
    int8 = precision.chosen(env)
    return (precision.network_file(env, int8.digest), f"{version}-int8-{int8.digest}") if int8 else (path, version)
