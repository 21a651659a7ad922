from __future__ import annotations

import numpy as np
import pytest

from detections.detectors.openvino_runtime import compile_model, quiet_openvino
from detections.detectors.winograd import convolution_3x3


@pytest.mark.parametrize(("height", "width"), [(4, 4), (5, 7), (19, 19), (10, 10), (1, 2)])
def test_it_computes_the_same_as_the_definition(height: int, width: int) -> None:
    random = np.random.default_rng(7)
    pixels = random.normal(size=(1, height, width, 3)).astype(np.float32)
    weights = random.normal(size=(5, 3, 3, 3)).astype(np.float32)
    padded = np.pad(pixels, ((0, 0), (1, 1), (1, 1), (0, 0)))
    shifted = [padded[:, y : y + height, x : x + width] @ weights[:, :, y, x].T for y in range(3) for x in range(3)]
    ov = quiet_openvino()
    entry = ov.opset8.parameter([1, height, width, 3], np.float32)
    network = compile_model(ov.Model([convolution_3x3(entry, weights)], [entry], "test"), 1)
    assert np.allclose(network(pixels)[0], sum(shifted), atol=1e-4)
