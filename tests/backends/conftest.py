"""The real models, converted once a session; only the pictures in demo/pictures are looked at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

import environment
from detections import detectors, modelfiles
from detections.detectors.base import Detector
from detections.picture import Picture
from plates import readers
from plates.readers.base import PlateReader

PICTURES = sorted((environment.BASE_DIR / "demo" / "pictures").glob("*.jpg"))


@pytest.fixture(scope="session")
def model_env(tmp_path_factory: pytest.TempPathFactory) -> environment.Environment:
    folder = tmp_path_factory.mktemp("models")
    env = environment.load({"DATA_DIR": str(folder)}, env_file=folder / "no.env")
    modelfiles.prepare(env)
    return env


@pytest.fixture
def unprepared(model_env: environment.Environment, tmp_path: Path) -> environment.Environment:
    return replace(model_env, data_dir=tmp_path)


@pytest.fixture(scope="session")
def detector(model_env: environment.Environment) -> Detector:
    return detectors.create("openvino-ssd", model_env)


@pytest.fixture(scope="session")
def opencv_detector(model_env: environment.Environment) -> Detector:
    return detectors.create("opencv-ssd", model_env)


@pytest.fixture(scope="session")
def reader(model_env: environment.Environment) -> PlateReader:
    return readers.create("rapidocr", model_env)


@pytest.fixture(scope="session")
def jpeg() -> Callable[[np.ndarray], Picture]:
    def encode(pixels: np.ndarray) -> Picture:
        return Picture(cv2.imencode(".jpg", pixels)[1].tobytes())

    return encode


@pytest.fixture(scope="session")
def meadow(jpeg: Callable[[np.ndarray], Picture]) -> Picture:
    """Green noise: nothing to find."""
    noise = np.random.default_rng(1).integers(0, 40, (480, 640, 3), dtype=np.uint8)
    return jpeg(cv2.GaussianBlur(noise, (0, 0), 3) + np.array([20, 120, 40], np.uint8))
