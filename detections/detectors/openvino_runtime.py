"""OpenVINO, started quietly: the one place that imports it.

Importing `openvino` sends a usage event to its maker over the network unless its telemetry package is absent. Hiding
that package makes OpenVINO use the silent stand-in that it ships, so that no use of it is ever reported.
"""

from __future__ import annotations

import ctypes
import mmap
import sys
import threading
from functools import lru_cache
from pathlib import Path
from typing import Any

from detections.modelfiles import ModelProblem


def quiet_openvino() -> Any:
    """The module `openvino`, imported without its telemetry."""
    if "openvino" not in sys.modules:
        sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]  # makes its import fail, as documented
    import openvino

    return openvino


M_MMAP_THRESHOLD = -3
"""From mallopt(3) of glibc."""
LARGE = 128 * 1024
"""Bytes: glibc's first threshold, which it raises with every larger block that is freed unless told to stay."""


@lru_cache(maxsize=1)
def core() -> Any:
    """The runtime of this process; it keeps its plugins and thread pools, so one is enough."""
    give_back_large_blocks()
    return quiet_openvino().Core()


def give_back_large_blocks() -> None:
    """Have what networks hold for a moment go back to the kernel, rather than leave holes in the heap.

    Where the C library is another than glibc it keeps its own ways.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt:
        mallopt(M_MMAP_THRESHOLD, LARGE)


def read_model(path: Path) -> Any:
    """The network in an IR (.xml with its .bin) or ONNX file; raises `ModelProblem` if it cannot be read."""
    try:
        return core().read_model(path)
    except RuntimeError as problem:
        mend = "delete it and run python manage.py models prepare"
        raise ModelProblem(f"{path} cannot be read ({last_line(problem)}): {mend}") from None


def read_onnx(path: Path, mend: str) -> Any:
    """The network in an ONNX file; raises `ModelProblem` if it holds none. No other format is tried."""
    frontend = quiet_openvino().frontend
    front = frontend.FrontEndManager().load_by_framework("onnx")
    failures = (frontend.GeneralFailure, frontend.NotImplementedFailure, frontend.OpConversionFailure)
    try:
        return front.convert(front.load(path))
    except (RuntimeError, frontend.OpValidationFailure, *failures) as problem:
        raise ModelProblem(f"{path} cannot be read as ONNX ({last_line(problem)}): {mend}") from None


def last_line(problem: Exception) -> str:
    """What an error of OpenVINO says in the end; before that it names places in its source."""
    return str(problem).strip().splitlines()[-1].lstrip("- ")


def compile_model(model: Any, threads: int) -> Any:
    """The network made ready for this CPU, as one stream of `threads` threads.

    Precision is fixed to f32: some CPUs default to bf16, which is slower here and moves boxes.
    """
    return core().compile_model(
        model,
        "CPU",
        {"INFERENCE_PRECISION_HINT": "f32", "NUM_STREAMS": "1", "INFERENCE_NUM_THREADS": str(threads)},
    )


class Resting:
    """Inference that gives its working memory back to the system when nothing was asked for some seconds.

    A network whose input changes size holds as much as its largest input took: PP-OCR's text detector 80 MB after a
    vehicle and 300 MB after a picture of 1280x960. The first inference after a rest takes a fifth longer.
    """

    SECONDS = 3.0

    def __init__(self, compiled: Any) -> None:
        self._compiled = compiled
        self._request = compiled.create_infer_request()
        self._busy = threading.Lock()
        self._rest = threading.Timer(0, self._release)

    def infer(self, pixels: Any) -> Any:
        """The first output for one input, both arrays of float32; the output is a copy."""
        self._rest.cancel()
        with self._busy:
            found = self._request.infer([pixels])[0]
        self._rest = threading.Timer(self.SECONDS, self._release)
        self._rest.daemon = True
        self._rest.start()
        return found

    def _release(self) -> None:
        with self._busy:
            self._compiled.release_memory()


def release_weights(path: Path) -> None:
    """Give back the memory of a network's weights file, once the network was compiled from it.

    OpenVINO copies weights into the order that the CPU wants and leaves the file mapped, which counts as memory of this
    process though nothing reads it again. Should something, the kernel brings the page back from the file (madvise(2),
    MADV_DONTNEED on a file mapping). Does nothing where the system has no /proc.
    """
    maps = Path("/proc/self/maps")
    if not maps.exists():
        return
    libc = ctypes.CDLL(None, use_errno=True)
    for line in maps.read_text().splitlines():
        addresses, permissions, *rest = line.split(maxsplit=5)
        if rest[-1:] == [str(path)] and "w" not in permissions:
            start, end = (int(address, 16) for address in addresses.split("-"))
            libc.madvise(ctypes.c_void_p(start), ctypes.c_size_t(end - start), mmap.MADV_DONTNEED)
