"""Decoding: the same pixels as OpenCV's, no more of them than are wanted."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import pytest

from detections.detectors.ssd import network_input
from detections.picture import Picture
from tests.backends.conftest import PICTURES

DATA = PICTURES[0].read_bytes()
FLAGS = {
    1: cv2.IMREAD_COLOR,
    2: cv2.IMREAD_REDUCED_COLOR_2,
    4: cv2.IMREAD_REDUCED_COLOR_4,
    8: cv2.IMREAD_REDUCED_COLOR_8,
}


def encoded(pixels: np.ndarray, *options: int) -> bytes:
    return cv2.imencode(".jpg", pixels, options)[1].tobytes()


def by_opencv(data: bytes, scale: int) -> Any:
    return cv2.imdecode(np.frombuffer(data, np.uint8), FLAGS[scale] | cv2.IMREAD_IGNORE_ORIENTATION)


@pytest.mark.parametrize("scale", FLAGS)
@pytest.mark.parametrize("size", [(960, 1280), (481, 643)])
@pytest.mark.parametrize("grey", [False, True], ids=["colour", "grey"])
def test_it_decodes_as_opencv_does(scale: int, size: tuple[int, int], grey: bool) -> None:
    high, wide = size
    pixels = cv2.resize(by_opencv(DATA, 1), (wide, high))
    data = encoded(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY) if grey else pixels)
    found = Picture(data).at_least(wide // scale, high // scale)
    assert np.array_equal(found, by_opencv(data, scale))


def test_it_passes_over_what_opencv_passes_over() -> None:
    data = DATA[:2] + b"\0" * 30 + DATA[2:]
    faulty = DATA[:-2] + b"\x12\x34\x56" + DATA[-2:]
    assert np.array_equal(Picture(faulty).full(), by_opencv(faulty, 1))
    assert by_opencv(data, 1) is None or Picture(data).full().any()


@pytest.mark.parametrize(
    ("size", "decoded"),
    [
        ((1280, 960), (640, 480)),
        ((1920, 1080), (960, 540)),
        ((2592, 1944), (648, 486)),
        ((640, 480), (640, 480)),
        ((1280, 500), (1280, 500)),
        ((1100, 1000), (1100, 1000)),
    ],
)
def test_it_decodes_for_the_network_no_less_than_twice_its_size(
    size: tuple[int, int], decoded: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[int, int]] = []
    resize = cv2.resize
    picture = Picture(encoded(np.zeros((size[1], size[0], 3), np.uint8)))

    def note(pixels: np.ndarray, *args: Any, **more: Any) -> Any:
        seen.append((pixels.shape[1], pixels.shape[0]))
        return resize(pixels, *args, **more)

    monkeypatch.setattr(cv2, "resize", note)
    assert network_input(picture).shape == (300, 300, 3)
    assert seen == [decoded]
    assert (picture.width, picture.height) == size
