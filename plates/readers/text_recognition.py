"""What a line says: PP-OCRv6's recogniser, read out by best-path CTC.

The network gives a distribution over the characters for each eighth pixel; the best path drops repeats and blanks
(Graves et al., Connectionist Temporal Classification, ICML 2006; Shi et al., CRNN, TPAMI 2017).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from detections.detectors.openvino_runtime import compile_model, read_model
from detections.modelfiles import ModelProblem
from detections.picture import Pixels

HEIGHT, WIDTH = 48, 320
"""The network's input; a longer line is squeezed, a shorter one is followed by grey."""
BLANK = 0


@dataclass(frozen=True, slots=True)
class Reading:
    """A text and, for each of its characters, how sure the network is, 0..1."""

    text: str
    certainties: tuple[float, ...]


class TextRecogniser:
    """Reads lines of text. Not thread-safe."""

    def __init__(self, path: Path, threads: int) -> None:
        network = read_model(path)
        try:
            listed = network.get_rt_info(["framework", "character"]).astype(str)
        except RuntimeError:
            raise ModelProblem(f"{path} carries no list of characters") from None
        self._characters = ["", *listed.split("\n"), " "]  # the blank comes first and the space last
        network.reshape([1, 3, HEIGHT, WIDTH])
        self._request = compile_model(network, threads).create_infer_request()

    def read(self, pixels: Pixels) -> Reading:
        """The text in BGR pixels of one upright line."""
        width = min(WIDTH, max(1, round(pixels.shape[1] * HEIGHT / pixels.shape[0])))
        line = cv2.resize(pixels, (width, HEIGHT)).astype(np.float32) / 127.5 - 1
        canvas = np.zeros((1, 3, HEIGHT, WIDTH), np.float32)
        canvas[0, :, :, :width] = line.transpose(2, 0, 1)
        return best_path(self._request.infer([canvas])[0][0], self._characters)


def best_path(distributions: NDArray[np.float32], characters: list[str]) -> Reading:
    """The likeliest path through distributions of shape (steps, characters), without repeats and blanks."""
    best = distributions.argmax(1)
    certain = distributions.max(1)
    starts = np.flatnonzero((best != BLANK) & (best != np.concatenate(([BLANK], best[:-1]))))
    return Reading("".join(characters[best[at]] for at in starts), tuple(float(certain[at]) for at in starts))
