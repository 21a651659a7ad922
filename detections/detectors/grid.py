"""The grids of places at which YOLO networks look for objects."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from detections.detectors.onnx_network import MEND
from detections.modelfiles import ModelProblem

STRIDES = ((8, 16, 32), (8, 16, 32, 64), (4, 8, 16, 32))
"""Pixels from place to place: the usual networks, those for large pictures (p6) and those for small things (p2)."""


def places(width: int, height: int, strides: Sequence[int]) -> int:
    """How many places a network of that size has."""
    return sum((width // stride) * (height // stride) for stride in strides)


def cells(width: int, height: int, strides: Sequence[int]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Column and row of every place, shape (n, 2), and its stride, (n, 1); row by row, the finest grid first."""
    at, steps = [], []
    for stride in strides:
        columns, rows = np.meshgrid(np.arange(width // stride), np.arange(height // stride))
        at.append(np.stack([columns.ravel(), rows.ravel()], axis=1).astype(np.float32))
        steps.append(np.full((columns.size, 1), stride, np.float32))
    return np.concatenate(at), np.concatenate(steps)


def checked_scores(scores: NDArray[np.float32], path: Path) -> None:
    """Raise `ModelProblem` for scores outside 0..1: the export left out what makes them probabilities."""
    least, most = float(scores.min()), float(scores.max())
    if not (least >= 0 and most <= 1.001):  # f16 may round up
        raise ModelProblem(f"{path} gives scores from {least:.3g} to {most:.3g}, wanted are 0 to 1: {MEND}")
