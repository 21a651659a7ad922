"""YOLOv8, YOLO11 and what else is exported like them: a box and a score for every class at each place of a grid.

Pixels and threshold as their authors have them: the picture in the middle of a grey canvas, RGB as 0..1; of each place
the best class counts. Sources in https://github.com/ultralytics/ultralytics: LetterBox in ultralytics/data/augment.py,
scale_boxes in ultralytics/utils/ops.py, `iou` in ultralytics/cfg/default.yaml.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from detections.detectors.found import Rows, corners, suppressed
from detections.detectors.grid import STRIDES, checked_scores, places
from detections.detectors.letterbox import GREY, Letterbox
from detections.detectors.onnx_network import MEND, Network
from detections.modelfiles import ModelProblem
from detections.picture import Picture

OVERLAP = 0.7


class Yolo:
    """One network of this kind. Not thread-safe."""

    name: ClassVar[str] = "YOLO (v8, 11)"
    understood: ClassVar[str] = "one output 1x(4+classes)xN of centre, size and scores at the N places of a grid"

    def __init__(self, network: Network) -> None:
        """Make it ready and try it on a grey canvas; raises `ModelProblem`."""
        self._network = network
        self._canvas = network.width, network.height
        self.classes: int | None = network.outputs[0].shape[1] - 4
        network.compile(True, scale=(255,))
        rows = network.infer(np.full((network.height, network.width, 3), GREY, np.uint8))[0][0].T
        checked_scores(rows[:, 4:], network.path)
        if rows[:, :2].max() <= 2:
            raise ModelProblem(f"{network.path} gives boxes as parts of the picture, wanted are pixels: {MEND}")

    @staticmethod
    def fits(network: Network) -> bool:
        """Whether inputs and outputs are those of this kind."""
        if len(network.inputs) != 1 or len(network.outputs) != 1 or network.outputs[0].whole:
            return False
        shape = network.outputs[0].shape
        grids = [places(network.width, network.height, strides) for strides in STRIDES]
        return len(shape) == 3 and shape[0] == 1 and shape[1] > 4 and shape[2] in grids

    def find(self, picture: Picture, min_score: float) -> Rows:
        """The objects at `min_score` or better; raises `UnreadablePicture`."""
        box = Letterbox.centred((picture.width, picture.height), self._canvas)
        rows = self._network.infer(box.drawn(picture.full(), self._canvas))[0][0].astype(np.float32).T
        classes = rows[:, 4:].argmax(axis=1)
        scores = rows[np.arange(len(rows)), 4 + classes]
        kept = np.flatnonzero(scores >= min_score)
        boxes = box.undone(corners(rows[kept, :4]))
        return suppressed(Rows(classes[kept], scores[kept], boxes), OVERLAP)
