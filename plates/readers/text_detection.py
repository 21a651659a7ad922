"""Where text is: PP-OCRv6's detector, a network in the manner of DBNet.

The network gives each pixel the probability of lying in the shrunk core of a text line; cores are cut at a threshold
and grown back (Liao et al., Real-time Scene Text Detection with Differentiable Binarization, AAAI 2020).
"""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from detections.detectors.openvino_runtime import Resting, compile_model, read_model
from detections.picture import Pixels
from plates.readers.lines import Line, line_around

LEVELS = ((0.3, 0.5), (0.2, 0.3))
"""A pixel belongs to a core from this probability on, and a core counts from this mean probability on.

The first is the paper's; the second finds faint text, and draws other outlines around the rest, which is a second vote.
"""
GROWTH = 1.6
"""The paper's unclip ratio: a core of area A and perimeter L is grown by A * GROWTH / L on every side."""
LEAST_CORE = 3.0
"""Pixels; a lower core is noise."""
STEP = 32
"""The network's stride: sides are multiples of it."""
ROOM = 64
"""Canvases are multiples of this, so that few different shapes occur: the first use of each costs a compilation."""


class TextDetector:
    """Finds lines of text. Not thread-safe."""

    def __init__(self, path: Path, threads: int) -> None:
        self._network = Resting(compile_model(read_model(path), threads))

    def find(self, pixels: Pixels, long_side: int) -> list[Line]:
        """Lines in BGR pixels that are scaled to `long_side` for it; results are in the pixels given."""
        height, width = pixels.shape[:2]
        scale = long_side / max(height, width)
        probabilities = self._probabilities(_resized(pixels, scale))
        return [line.moved(scale, 0, 0) for core, least in LEVELS for line in _lines(probabilities, core, least)]

    def _probabilities(self, pixels: Pixels) -> NDArray[np.float32]:
        height, width = pixels.shape[:2]
        canvas = np.zeros((-height % ROOM + height, -width % ROOM + width, 3), np.float32)
        canvas[:height, :width] = pixels.astype(np.float32) / 127.5 - 1
        maps = self._network.infer(canvas.transpose(2, 0, 1)[np.newaxis])
        return np.asarray(maps[0, 0, :height, :width], np.float32)


def _resized(pixels: Pixels, scale: float) -> Pixels:
    height, width = pixels.shape[:2]
    size = max(STEP, round(width * scale)), max(STEP, round(height * scale))
    method = cv2.INTER_AREA if scale < 0.6 else cv2.INTER_CUBIC if scale > 1 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(pixels, size, interpolation=method), np.uint8)


def _lines(probabilities: NDArray[np.float32], threshold: float, least: float) -> list[Line]:
    cores = (probabilities > threshold).astype(np.uint8)
    contours = cv2.findContours(cores, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)[0]
    grown = (_grown(np.asarray(contour, np.int32), probabilities, least) for contour in contours)
    return [line for line in grown if line is not None]


def _grown(contour: NDArray[np.int32], probabilities: NDArray[np.float32], least: float) -> Line | None:
    """The line around a core, or None for one that is too small or too unsure."""
    core = line_around(contour.reshape(-1, 2).astype(np.float32), 0)
    if core.height < LEAST_CORE:
        return None
    x, y, width, height = cv2.boundingRect(contour)
    inside = np.zeros((height, width), np.uint8)
    cv2.fillPoly(inside, [contour - (x, y)], (1,))
    score = cv2.mean(probabilities[y : y + height, x : x + width], inside)[0]
    if score < least:
        return None
    margin = core.width * core.height * GROWTH / (core.width + core.height)  # twice A * GROWTH / L: it grows both sides
    return Line(core.x, core.y, core.width + margin, core.height + margin, core.tilt, score)
