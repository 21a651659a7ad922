from __future__ import annotations

import numpy as np

from detections.detectors.low_rank import KEPT, factors


def product(layers: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    first, second = layers
    return np.asarray(np.einsum("kr,rcij->kcij", second[:, :, 0, 0], first))


def test_kernels_that_resemble_each_other_become_two_thin_layers() -> None:
    random = np.random.default_rng(3)
    few, mix = random.normal(size=(4, 16, 3, 3)), random.normal(size=(32, 4))
    weights = np.einsum("kr,rcij->kcij", mix, few).astype(np.float32)
    layers = factors(weights)
    assert layers is not None
    assert layers[0].shape[0] <= 4
    assert np.square(product(layers) - weights).sum() <= (1 - KEPT) * np.square(weights).sum() + 1e-6


def test_kernels_that_do_not_stay_one_layer() -> None:
    assert factors(np.random.default_rng(3).normal(size=(32, 16, 3, 3)).astype(np.float32)) is None
