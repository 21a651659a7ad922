"""SSD MobileNet v2 on OpenVINO, from the network that `manage.py models prepare` converted."""

from __future__ import annotations

import numpy as np

from detections import modelfiles
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
        """Load the converted network; raises `ModelProblem` when there is none."""
        path = modelfiles.converted_ssd(env)
        if not path.exists():
            raise modelfiles.ModelProblem(modelfiles.not_converted(env))
        self.version = modelfiles.SSD_GRAPH.sha256[:12]
        self._request = compile_model(read_model(path), threads=1).create_infer_request()
        self._request.infer([np.zeros((1, SIDE, SIDE, 3), np.uint8)])  # the weights are in place only after a first use
        release_weights(path.with_suffix(".bin").resolve())

    def detect(self, picture: Picture, min_score: float = DEFAULT_MIN_SCORE) -> list[FoundObject]:
        """The objects found at `min_score` or better, best first; raises `UnreadablePicture`."""
        rows = self._request.infer([network_input(picture)[np.newaxis]])[0].reshape(-1, 7)
        return found_objects(rows, dict(enumerate(LABELS)), picture, min_score)
