"""What a line says: PP-OCRv6's recogniser, read out by best-path CTC.

The network gives a distribution over the characters for each eighth pixel; the best path drops repeats and blanks
(Graves et al., Connectionist Temporal Classification, ICML 2006; Shi et al., CRNN, TPAMI 2017).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from detections.detectors.openvino_runtime import Resting, compile_model, read_model
from detections.modelfiles import ModelProblem
from detections.picture import Pixels
from plates.readers.ctc import ALPHABET, BLANK, Steps

TWINS = (("0", "O"), ("1", "I"))
"""Most plates draw no difference, so that each gets the probability of both, and formats decide."""
HEIGHT = 48
"""The network's input in pixels."""
MOST_WIDTH, WIDTH_STEP = 384, 32
"""A longer line is squeezed, a shorter one is followed by grey up to a multiple of the step: cost goes with width."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A text and, for each of its characters, how sure the network is, 0..1."""

    text: str
    certainties: tuple[float, ...]
    steps: Steps = field(default_factory=lambda: np.zeros((0, len(ALPHABET) + 1), np.float32), compare=False)
    """What may stand at each step, shape (steps, 1 + plate characters): first all that is no such character."""


class TextRecogniser:
    """Reads lines of text. Not thread-safe."""

    def __init__(self, path: Path, threads: int) -> None:
        network = read_model(path)
        try:
            listed = network.get_rt_info(["framework", "character"]).astype(str)
        except RuntimeError:
            raise ModelProblem(f"{path} carries no list of characters") from None
        self._characters = ["", *listed.split("\n"), " "]  # the blank comes first and the space last
        upper, lower = (
            np.array([self._characters.index(one) for one in letters]) for letters in (ALPHABET, ALPHABET.lower())
        )
        self._upper, self._lower = upper, lower[upper != lower]
        network.reshape([1, 3, HEIGHT, -1])
        self._network = Resting(compile_model(network, threads))

    def read(self, pixels: Pixels, wide: float = 1.0) -> Reading:
        """The text in BGR pixels of one upright line, spread out to `wide` times its width."""
        width = min(MOST_WIDTH, max(1, round(pixels.shape[1] * HEIGHT / pixels.shape[0] * wide)))
        line = cv2.resize(pixels, (width, HEIGHT)).astype(np.float32) / 127.5 - 1
        canvas = np.zeros((1, 3, HEIGHT, -width % WIDTH_STEP + width), np.float32)
        canvas[0, :, :, :width] = line.transpose(2, 0, 1)
        return self._infer(canvas)

    def _infer(self, canvas: NDArray[np.float32]) -> Reading:
        distributions = self._network.infer(canvas)[0]
        text, certainties = best_path(distributions, self._characters)
        plate = distributions[:, self._upper]
        plate[:, -len(self._lower) :] += distributions[:, self._lower]
        total = plate.sum(1, keepdims=True)
        for pair in TWINS:
            both = [ALPHABET.index(one) for one in pair]
            plate[:, both] = plate[:, both].sum(1, keepdims=True)
        rest = np.clip(1 - total, 0, 1)
        return Reading(text, certainties, np.concatenate([rest, plate], axis=1))


def best_path(distributions: NDArray[np.float32], characters: list[str]) -> tuple[str, tuple[float, ...]]:
    """The likeliest path through distributions of shape (steps, characters), without repeats and blanks.

    With it, for each of its characters, the certainty 0..1.
    """
    best = distributions.argmax(1)
    certain = distributions.max(1)
    starts = np.flatnonzero((best != BLANK) & (best != np.concatenate(([BLANK], best[:-1]))))
    return "".join(characters[best[at]] for at in starts), tuple(float(certain[at]) for at in starts)
