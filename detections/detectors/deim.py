"""DEIM, D-FINE, RT-DETR and what else is exported like them: the network itself names the best objects.

Pixels as the authors have them when they validate and show their models: the whole picture squeezed to the network's
size by Pillow's bilinear filter (torchvision's Resize on a Pillow image), RGB as 0..1. DEIMv2 that begins with a
transformer (DINOv3) wants ImageNet's mean and deviation besides. Sources: https://github.com/Intellindust-AI-Lab/DEIMv2,
tools/inference/torch_inf.py; files of that name in https://github.com/Peterande/D-FINE and
https://github.com/lyuwenyu/RT-DETR. A JPEG may be decoded smaller before, see docs/models.md.
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from detections.detectors.found import Rows
from detections.detectors.onnx_network import Network, Port
from detections.picture import Picture, Pixels

MEAN = (0.485 * 255, 0.456 * 255, 0.406 * 255)
"""ImageNet's, RGB; see DEVIATION."""
DEVIATION = (0.229 * 255, 0.224 * 255, 0.225 * 255)
LEAST_PATCH = 8
"""Pixels; a convolution of pixels whose step is as large as itself cuts them into a transformer's patches."""


class Deim:
    """One network of this kind. Not thread-safe."""

    name: ClassVar[str] = "DEIM, D-FINE, RT-DETR"
    understood: ClassVar[str] = (
        "labels 1xN of whole numbers, boxes 1xNx4 and scores 1xN, "
        "with the inputs images 1x3xHxW and orig_target_sizes 1x2 of whole numbers"
    )

    def __init__(self, network: Network) -> None:
        """Make it ready; raises `ModelProblem`."""
        self._network = network
        self.classes: int | None = _classes(network)
        self._places = _places(network.outputs)
        sizes = next(port for port in network.model.inputs if port.get_element_type().is_integral_number())
        self._sizes_type = sizes.get_element_type().to_dtype()
        if _cuts_patches(network.model):
            network.compile(True, MEAN, DEVIATION)
        else:
            network.compile(True, scale=(255,))

    @staticmethod
    def fits(network: Network) -> bool:
        """Whether inputs and outputs are those of this kind."""
        others = [port for port in network.inputs if port.whole]
        sizes = len(network.inputs) == 2 and len(others) == 1 and others[0].shape == (1, 2)
        return sizes and None not in _places(network.outputs)

    def find(self, picture: Picture, min_score: float) -> Rows:
        """The objects at `min_score` or better; raises `UnreadablePicture`."""
        sizes = np.array([[picture.width, picture.height]], self._sizes_type)
        outputs = self._network.infer(self._pixels(picture), sizes)
        labels, boxes, scores = (outputs[place][0] for place in self._places if place is not None)
        rows = Rows(labels.astype(np.int64), scores.astype(np.float32), boxes.astype(np.float32))
        return rows.chosen(rows.scores >= min_score)

    def _pixels(self, picture: Picture) -> Pixels:
        """The picture in the network's size, BGR."""
        from PIL import Image

        size = self._network.width, self._network.height
        image = Image.fromarray(picture.at_least(*size))  # the filter treats all channels alike, whatever their order
        return np.asarray(image.resize(size, Image.Resampling.BILINEAR), np.uint8)


def _places(outputs: list[Port]) -> tuple[int | None, ...]:
    """Which outputs are the labels, boxes and scores; None for one that there is not, or not alone."""
    kinds = [
        [port.whole and len(port.shape) == 2 for port in outputs],
        [not port.whole and len(port.shape) == 3 and port.shape[2] == 4 for port in outputs],
        [not port.whole and len(port.shape) == 2 for port in outputs],
    ]
    return tuple(kind.index(True) if kind.count(True) == 1 and len(outputs) == 3 else None for kind in kinds)


def _classes(network: Network) -> int | None:
    """How many classes it knows, or None where its graph does not tell.

    The best of queries x classes scores are picked by TopK, the boxes of those by GatherElements from queries x 4.
    """
    _, boxes, scores = _places(network.outputs)
    pick = _above(network.model.output(scores), "TopK")
    gather = _above(network.model.output(boxes), "GatherElements")
    if pick is None or gather is None:
        return None
    shapes = [operation.input(0).get_partial_shape() for operation in (pick, gather)]
    if any(shape.is_dynamic for shape in shapes) or len(shapes[0]) != 2 or len(shapes[1]) != 3:
        return None
    picked, queries = shapes[0][1].get_length(), shapes[1][1].get_length()
    return picked // queries if picked % queries == 0 else None


def _above(output: Any, kind: str) -> Any:
    """The nearest operation of that kind on the way up from an output, or None."""
    waiting, seen = [output.get_node()], set()
    while waiting:
        operation = waiting.pop(0)
        if operation.get_type_name() == kind:
            return operation
        above = [value.get_node() for value in operation.input_values()]
        waiting += [one for one in above if one.get_friendly_name() not in seen]
        seen |= {one.get_friendly_name() for one in above}
    return None


def _cuts_patches(model: Any) -> bool:
    """Whether a convolution cuts the pixels into patches, as vision transformers begin; others may look at them too."""
    for operation in model.get_ordered_ops():
        if operation.get_type_name() == "Convolution":
            channels, *sides = list(operation.input(1).get_shape())[1:]
            steps = list(operation.get_attributes()["strides"])
            if channels == 3 and steps == sides and sides[0] >= LEAST_PATCH:
                return True
    return False
