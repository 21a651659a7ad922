"""An ONNX network as OpenVINO runs it: its inputs and outputs, and pixels as OpenCV has them at its input."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detections.detectors.openvino_runtime import compile_model, last_line, quiet_openvino, read_onnx
from detections.modelfiles import ModelProblem
from detections.picture import Pixels

USUAL_SIDE = 640
"""Pixels; where a network leaves its width and height open: the size at which all three families are trained."""
MEND = "export it again, or set DETECTOR to another"


@dataclass(frozen=True, slots=True)
class Port:
    """An input or output. A size that depends on the picture is -1."""

    name: str
    shape: tuple[int, ...]
    whole: bool
    """Whether its numbers are whole."""

    def __str__(self) -> str:
        sizes = "x".join("?" if size < 0 else str(size) for size in self.shape)
        return f"{self.name} {sizes}{' of whole numbers' if self.whole else ''}"


class Network:
    """A network that takes one picture at a time. Not thread-safe."""

    def __init__(self, path: Path) -> None:
        """Read it and settle its sizes; raises `ModelProblem` for what is no ONNX file or takes no picture."""
        self.path = path
        self.model = read_onnx(path, MEND)
        self._request: Any = None
        self._at = self._pixel_input()
        shapes = [_one(port, number == self._at) for number, port in enumerate(_ports(self.model.inputs))]
        try:
            self.model.reshape(dict(zip(self.model.inputs, shapes, strict=True)))
        except RuntimeError as problem:
            raise ModelProblem(f"{path} does not take one picture ({last_line(problem)}): {MEND}") from None
        self.height, self.width = (int(side) for side in self.model.inputs[self._at].get_shape()[2:])
        self.inputs, self.outputs = _ports(self.model.inputs), _ports(self.model.outputs)

    def _pixel_input(self) -> int:
        """The number of the input that takes pixels."""
        inputs = _ports(self.model.inputs)
        taken = [at for at, port in enumerate(inputs) if len(port.shape) == 4 and port.shape[1] == 3 and not port.whole]
        if len(taken) != 1:
            seen = ", ".join(str(port) for port in inputs) or "none"
            raise ModelProblem(f"{self.path} takes no picture: its inputs are {seen}, wanted is one of 1x3xHxW: {MEND}")
        return taken[0]

    def compile(self, rgb: bool, mean: Sequence[float] = (0.0,), scale: Sequence[float] = (1.0,)) -> None:
        """Make it ready for BGR pixels (u8), of which it gets (RGB or BGR - mean) / scale; `ModelProblem`, else."""
        ov = quiet_openvino()
        prepare = ov.preprocess.PrePostProcessor(self.model)
        pixels = prepare.input(self._at)
        pixels.tensor().set_element_type(ov.Type.u8).set_layout(ov.Layout("NHWC"))
        pixels.tensor().set_color_format(ov.preprocess.ColorFormat.BGR)
        pixels.model().set_layout(ov.Layout("NCHW"))
        pixels.preprocess().convert_element_type(ov.Type.f32)
        if rgb:
            pixels.preprocess().convert_color(ov.preprocess.ColorFormat.RGB)
        pixels.preprocess().mean(_three(mean)).scale(_three(scale))
        try:
            self._request = compile_model(prepare.build(), threads=1).create_infer_request()
        except RuntimeError as problem:
            raise ModelProblem(f"{self.path} cannot be run ({last_line(problem)}): {MEND}") from None

    def infer(self, pixels: Pixels, *others: NDArray[Any]) -> list[NDArray[Any]]:
        """Its outputs for BGR pixels of its own size, shape (height, width, 3), and for what its other inputs take."""
        given = list(others)
        given.insert(self._at, pixels[np.newaxis])
        return list(self._request.infer(given).values())


def _three(values: Sequence[float]) -> list[float]:
    return list(values) * (3 // len(values))


def _one(port: Port, is_pixels: bool) -> list[int]:
    """The shape of an input for one picture: what is left open is 1, or the usual side."""
    usual = [1, 3, USUAL_SIDE, USUAL_SIDE] if is_pixels else [1] * len(port.shape)
    return [size if size > 0 else usual[place] for place, size in enumerate(port.shape)]


def _ports(ports: Sequence[Any]) -> list[Port]:
    return [
        Port(
            min(port.get_names(), default="unnamed"),
            _shape(port.get_partial_shape()),
            port.get_element_type().is_integral_number(),
        )
        for port in ports
    ]


def _shape(shape: Any) -> tuple[int, ...]:
    """Its sizes; one of unknown dimensions has none."""
    return () if shape.rank.is_dynamic else tuple(size.get_length() if size.is_static else -1 for size in shape)
