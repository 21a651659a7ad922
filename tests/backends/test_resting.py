"""Networks give their working memory back when they rest, and work on afterwards."""

from __future__ import annotations

import numpy as np
import psutil
import pytest

from detections import modelfiles
from detections.detectors.openvino_runtime import Resting, compile_model, read_model
from tests.harness import eventually

MB = 2**20


def memory() -> int:
    return int(psutil.Process().memory_full_info().uss)


def test_working_memory_is_given_back_after_a_rest_and_the_answers_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Resting, "SECONDS", 0.5)
    network = Resting(compile_model(read_model(modelfiles.TEXT_DETECTION.checked()), 2))
    pixels = np.random.default_rng(7).random((1, 3, 960, 1280), np.float32)
    first = network.infer(pixels)
    used = memory()
    eventually(lambda: memory() < used - 100 * MB, 20)
    np.testing.assert_allclose(network.infer(pixels), first, atol=1e-5)
