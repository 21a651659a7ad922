"""CPU time of object detection, from JPEG bytes to boxes, against the usual way through OpenCV's network module."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TypeAlias

import cv2
import numpy as np

import environment
from detections import detectors, modelfiles
from detections.picture import Picture
from environment import Environment

PICTURES = environment.BASE_DIR / "demo" / "pictures"
ROUNDS = 9
Detect: TypeAlias = "Callable[[bytes], object]"


def ratios(env: Environment, precisions: tuple[str, ...]) -> dict[str, float]:
    """CPU time an image of plain cv2.dnn over that of ours, for each precision.

    All take the same pictures in alternating rounds, cv2 at one thread; the median over the rounds.
    """
    pictures = [path.read_bytes() for path in sorted(PICTURES.glob("*.jpg"))]
    with one_thread():
        ways = {"cv2.dnn": plain()} | {name: ours(env, name) for name in precisions}
        for detect in ways.values():
            cpu_seconds(detect, pictures)  # warms caches, and is not counted
        rounds = [{name: cpu_seconds(detect, pictures) for name, detect in ways.items()} for _ in range(ROUNDS)]
    shown = {name: 1000 * statistics.median(one[name] for one in rounds) / len(pictures) for name in ways}
    print("  CPU time an image:", ", ".join(f"{name} {ms:.1f} ms" for name, ms in shown.items()), flush=True)
    return {name: median_ratio(rounds, name) for name in precisions}


def median_ratio(rounds: list[dict[str, float]], name: str) -> float:
    """How often ours goes into the usual way's time."""
    return statistics.median(one["cv2.dnn"] / one[name] for one in rounds)


@contextmanager
def one_thread() -> Iterator[None]:
    """OpenCV with one thread, so that no waiting of others is counted as its work."""
    threads = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        yield
    finally:
        cv2.setNumThreads(threads)


def plain() -> Detect:
    """The usual way: full decoding, cv2.dnn."""
    network = cv2.dnn.readNetFromTensorflow(str(modelfiles.SSD_GRAPH.find()), str(modelfiles.SSD_GRAPH_TEXT.find()))

    def detect(data: bytes) -> object:
        pixels = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
        assert pixels is not None
        network.setInput(cv2.dnn.blobFromImage(pixels, size=(300, 300), swapRB=True))
        return network.forward()

    return detect


def ours(env: Environment, precision: str) -> Detect:
    """The default detector at that precision."""
    detector = detectors.create("openvino-ssd", replace(env, detector_precision=precision))
    return lambda data: detector.detect(Picture(data))


def cpu_seconds(detect: Detect, pictures: list[bytes]) -> float:
    """Of this process, for all the pictures."""
    started = time.process_time()
    for data in pictures:
        detect(data)
    return time.process_time() - started
