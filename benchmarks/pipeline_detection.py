"""CPU time of object detection, from JPEG bytes to boxes, against the usual way through OpenCV's network module."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cv2

import environment
from detections import detectors, modelfiles
from detections.picture import Picture

PICTURES = environment.BASE_DIR / "demo" / "pictures"
ROUNDS = 7


def measure() -> dict[str, float]:
    """`detection_cpu_ratio`: CPU time an image of plain cv2.dnn over that of the default detector.

    Both take the same pictures in alternating rounds, cv2 at one thread; the median over the rounds.
    """
    threads = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        with tempfile.TemporaryDirectory() as folder:
            env = replace(environment.current(), data_dir=Path(folder), detector="openvino-ssd")
            modelfiles.prepare(env)
            return {"detection_cpu_ratio": _ratio(_plain(), _ours(env))}
    finally:
        cv2.setNumThreads(threads)


def _plain() -> Callable[[Path], object]:
    network = cv2.dnn.readNetFromTensorflow(str(modelfiles.SSD_GRAPH.find()), str(modelfiles.SSD_GRAPH_TEXT.find()))

    def detect(path: Path) -> object:
        pixels = cv2.imread(str(path))
        assert pixels is not None, path
        network.setInput(cv2.dnn.blobFromImage(pixels, size=(300, 300), swapRB=True))
        return network.forward()

    return detect


def _ours(env: environment.Environment) -> Callable[[Path], object]:
    detector = detectors.create("openvino-ssd", env)
    return lambda path: detector.detect(Picture.read(path))


def _ratio(plain: Callable[[Path], object], ours: Callable[[Path], object]) -> float:
    paths = sorted(PICTURES.glob("*.jpg"))
    _cpu_seconds(plain, paths)  # the first round also warms caches, and is not counted
    _cpu_seconds(ours, paths)
    rounds = [(_cpu_seconds(plain, paths), _cpu_seconds(ours, paths)) for _ in range(ROUNDS)]
    plain_ms, ours_ms = (_milliseconds(list(times), paths) for times in zip(*rounds, strict=True))
    print(f"CPU time an image: cv2.dnn {plain_ms}, ours {ours_ms}")
    return statistics.median(one / two for one, two in rounds)


def _cpu_seconds(detect: Callable[[Path], object], paths: list[Path]) -> float:
    started = time.process_time()
    for path in paths:
        detect(path)
    return time.process_time() - started


def _milliseconds(seconds: list[float], paths: list[Path]) -> str:
    return f"{1000 * statistics.median(seconds) / len(paths):.1f} ms"


if __name__ == "__main__":
    print(measure())
