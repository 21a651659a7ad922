"""YOLOX: a box, a score for there being any object and one for every class at each place of three grids.

Pixels, decoding and threshold as its authors have them: the picture in the upper left of a grey canvas, BGR as 0..255;
of each place the best class counts. Sources in https://github.com/Megvii-BaseDetection/YOLOX: preproc in
yolox/data/data_augment.py, demo_postprocess in yolox/utils/demo_utils.py, `nmsthre` in yolox/exp/yolox_base.py. Its
first models (`--legacy`) were trained with other pixels and cannot be told from these.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from detections.detectors.found import Rows, corners, suppressed
from detections.detectors.grid import STRIDES, cells, checked_scores, places
from detections.detectors.letterbox import GREY, Letterbox
from detections.detectors.onnx_network import Network
from detections.picture import Picture

OVERLAP = 0.65


class Yolox:
    """One network of this kind. Not thread-safe."""

    name: ClassVar[str] = "YOLOX"
    understood: ClassVar[str] = (
        "one output 1xNx(5+classes) of centre, size, objectness, scores at the N places of a grid"
    )

    def __init__(self, network: Network) -> None:
        """Make it ready and try it on a grey canvas; raises `ModelProblem`."""
        self._network = network
        self._canvas = network.width, network.height
        self.classes: int | None = network.outputs[0].shape[2] - 5
        self._cells, self._strides = cells(*self._canvas, _strides(network) or ())
        network.compile(False)
        rows = network.infer(np.full((network.height, network.width, 3), GREY, np.uint8))[0][0]
        checked_scores(rows[:, 4:], network.path)
        self._is_decoded = self._looks_decoded(rows)

    @staticmethod
    def fits(network: Network) -> bool:
        """Whether inputs and outputs are those of this kind."""
        if len(network.inputs) != 1 or len(network.outputs) != 1 or network.outputs[0].whole:
            return False
        shape = network.outputs[0].shape
        return len(shape) == 3 and shape[0] == 1 and shape[2] > 5 and _strides(network) is not None

    def find(self, picture: Picture, min_score: float) -> Rows:
        """The objects at `min_score` or better; raises `UnreadablePicture`."""
        box = Letterbox.at_corner((picture.width, picture.height), self._canvas)
        rows = self._network.infer(box.drawn(picture.full(), self._canvas))[0][0].astype(np.float32)
        classes = rows[:, 5:].argmax(axis=1)
        scores = rows[:, 4] * rows[np.arange(len(rows)), 5 + classes]
        kept = np.flatnonzero(scores >= min_score)
        boxes = box.undone(corners(self._decoded(rows, kept)))
        return suppressed(Rows(classes[kept], scores[kept], boxes), OVERLAP)

    def _decoded(self, rows: NDArray[np.float32], kept: NDArray[np.intp]) -> NDArray[np.float32]:
        """Centre and size of those rows in pixels of the canvas, shape (n, 4).

        Where the graph leaves it to others: centre (value + cell) * stride, size exp(value) * stride.
        """
        codes = rows[kept, :4]
        if self._is_decoded:
            return codes
        centres = (codes[:, :2] + self._cells[kept]) * self._strides[kept]
        return np.concatenate([centres, np.exp(codes[:, 2:]) * self._strides[kept]], axis=1)

    def _looks_decoded(self, rows: NDArray[np.float32]) -> bool:
        """Whether the graph gives centres in pixels: they lie near their cells then, else all near 0."""
        centres = rows[:, :2] / self._strides
        return bool(np.median(np.abs(centres - self._cells - 0.5)) < np.median(np.abs(rows[:, :2] - 0.5)))


def _strides(network: Network) -> tuple[int, ...] | None:
    """The strides whose grids have as many places as the output has rows."""
    count = network.outputs[0].shape[1]
    return next((one for one in STRIDES if places(network.width, network.height, one) == count), None)
