"""SSD MobileNet v2 on OpenCV's own network module: slower, for machines that OpenVINO does not support."""

from __future__ import annotations

import numpy as np

from detections import modelfiles
from detections.detectors.base import DEFAULT_MIN_SCORE, FoundObject
from detections.detectors.labels import COCO_91
from detections.detectors.ssd import found_objects, network_input
from detections.picture import Picture
from environment import Environment


class OpenCvSsd:
    """The frozen graph as it was published, with the text graph that OpenCV needs for it."""

    name = "opencv-ssd"

    def __init__(self, env: Environment) -> None:
        """Load the frozen graph; raises `ModelProblem` when a file is missing or altered."""
        import cv2

        graph, text = modelfiles.SSD_GRAPH.checked(), modelfiles.SSD_GRAPH_TEXT.checked()
        self.version = modelfiles.SSD_GRAPH.sha256[:12]
        self._network = cv2.dnn.readNetFromTensorflow(str(graph), str(text))

    def detect(self, picture: Picture, min_score: float = DEFAULT_MIN_SCORE) -> list[FoundObject]:
        """The objects found at `min_score` or better, best first; raises `UnreadablePicture`."""
        import cv2

        self._network.setInput(cv2.dnn.blobFromImage(network_input(picture), swapRB=True))
        rows = np.asarray(self._network.forward(), np.float32).reshape(-1, 7)
        return found_objects(rows, COCO_91, picture, min_score)
