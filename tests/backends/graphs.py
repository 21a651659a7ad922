"""Small ONNX networks of which every output is known: constants, and the mean of each channel of the pixels."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

SIDE = 64
"""Width and height of their input; with strides 8, 16, 32 that makes 64 + 16 + 4 places."""
PLACES = 84
Array = NDArray[np.generic]


def save(
    path: Path,
    nodes: Sequence[onnx.NodeProto],
    outputs: dict[str, tuple[int, list[int | str]]],
    constants: dict[str, Array],
    pixels: Sequence[int | str] = (1, 3, SIDE, SIDE),
    sizes: bool = False,
) -> Path:
    inputs = [helper.make_tensor_value_info("images", TensorProto.FLOAT, list(pixels))]
    if sizes:
        inputs.append(helper.make_tensor_value_info("orig_target_sizes", TensorProto.INT64, [pixels[0], 2]))
    graph = helper.make_graph(
        list(nodes),
        "made by hand",
        inputs,
        [helper.make_tensor_value_info(name, kind, shape) for name, (kind, shape) in outputs.items()],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 9
    onnx.checker.check_model(model)
    onnx.save(model, str(path))
    return path


def means() -> onnx.NodeProto:
    """`means`, 1x3x1x1: of each channel as it reaches the network."""
    return helper.make_node("ReduceMean", ["images"], ["means"], axes=[2, 3], keepdims=1)


def yolo(path: Path, rows: NDArray[np.float32], seen_at: int, pixels: Sequence[int | str] = (1, 3, SIDE, SIDE)) -> Path:
    """An output of `rows`, (4 + 3) x N, to which the means of the channels are added as scores at one place."""
    mask = np.zeros((1, 1, rows.shape[1]), np.float32)
    mask[0, 0, seen_at] = 1
    nodes = [
        means(),
        helper.make_node("Reshape", ["means", "column"], ["scores"]),
        helper.make_node("Concat", ["nothing", "scores"], ["seen"], axis=1),
        helper.make_node("Mul", ["seen", "mask"], ["there"]),
        helper.make_node("Add", ["there", "rows"], ["output0"]),
    ]
    constants: dict[str, Array] = {
        "column": np.array([1, 3, 1], np.int64),
        "nothing": np.zeros((1, 4, 1), np.float32),
        "mask": mask,
        "rows": rows[np.newaxis],
    }
    return save(path, nodes, {"output0": (TensorProto.FLOAT, [1, *rows.shape])}, constants, pixels)


def yolox(path: Path, rows: NDArray[np.float32], seen_at: int) -> Path:
    """An output of `rows`, N x (5 + 3), to which the means of the channels over 255 are added at one place."""
    mask = np.zeros((1, rows.shape[0], 1), np.float32)
    mask[0, seen_at] = 1
    nodes = [
        means(),
        helper.make_node("Div", ["means", "most"], ["parts"]),
        helper.make_node("Reshape", ["parts", "row"], ["scores"]),
        helper.make_node("Concat", ["nothing", "scores"], ["seen"], axis=2),
        helper.make_node("Mul", ["seen", "mask"], ["there"]),
        helper.make_node("Add", ["there", "rows"], ["output"]),
    ]
    constants: dict[str, Array] = {
        "most": np.array(255, np.float32),
        "row": np.array([1, 1, 3], np.int64),
        "nothing": np.zeros((1, 1, 5), np.float32),
        "mask": mask,
        "rows": rows[np.newaxis],
    }
    return save(path, nodes, {"output": (TensorProto.FLOAT, [1, *rows.shape])}, constants)


def deim(path: Path, labels: Sequence[int], parts: Sequence[Sequence[float]], patch: int = 0) -> Path:
    """Three objects whose scores are the means of the channels, their boxes given as parts of the picture.

    With `patch`, the pixels pass a convolution of that size and step that only averages, as patches are cut.
    """
    source = "images"
    nodes = []
    constants: dict[str, Array] = {
        "numbers": np.array([labels], np.int64),
        "parts": np.array([parts], np.float32),
        "row": np.array([1, 3], np.int64),
        "shape": np.array([1, 1, 4], np.int64),
    }
    if patch:
        source = "patches"
        each = np.full((1, 1, patch, patch), 1 / patch**2, np.float32)
        constants["weights"] = np.eye(3, dtype=np.float32)[:, :, None, None] * each
        nodes.append(helper.make_node("Conv", ["images", "weights"], [source], strides=[patch, patch]))
    nodes += [
        helper.make_node("ReduceMean", [source], ["means"], axes=[2, 3], keepdims=1),
        helper.make_node("Reshape", ["means", "row"], ["scores"]),
        helper.make_node("Identity", ["numbers"], ["labels"]),
        helper.make_node("Concat", ["orig_target_sizes", "orig_target_sizes"], ["corners"], axis=1),
        helper.make_node("Cast", ["corners"], ["floats"], to=TensorProto.FLOAT),
        helper.make_node("Reshape", ["floats", "shape"], ["scale"]),
        helper.make_node("Mul", ["parts", "scale"], ["boxes"]),
    ]
    outputs: dict[str, tuple[int, list[int | str]]] = {
        "labels": (TensorProto.INT64, [1, 3]),
        "boxes": (TensorProto.FLOAT, [1, 3, 4]),
        "scores": (TensorProto.FLOAT, [1, 3]),
    }
    return save(path, nodes, outputs, constants, ("N", 3, SIDE, SIDE), sizes=True)


def picking_deim(path: Path, logits: NDArray[np.float32], boxes: NDArray[np.float32]) -> Path:
    """One that picks the best 2 of queries x classes as the real ones do; the boxes are in pixels."""
    queries, classes = logits.shape
    nodes = [
        helper.make_node("TopK", ["flat", "two"], ["scores", "picked"], axis=1),
        helper.make_node("Mod", ["picked", "classes"], ["labels"]),
        helper.make_node("Div", ["picked", "classes"], ["queries"]),
        helper.make_node("Unsqueeze", ["queries", "last"], ["column"]),
        helper.make_node("Tile", ["column", "four"], ["index"]),
        helper.make_node("Cast", ["orig_target_sizes"], ["floats"], to=TensorProto.FLOAT),
        helper.make_node("ReduceMean", ["images"], ["mean"], keepdims=0),
        helper.make_node("Mul", ["mean", "zero"], ["none"]),
        helper.make_node("ReduceMean", ["floats"], ["size"], keepdims=0),
        helper.make_node("Mul", ["size", "zero"], ["neither"]),
        helper.make_node("Add", ["none", "neither"], ["nothing"]),
        helper.make_node("Add", ["places", "nothing"], ["all"]),
        helper.make_node("GatherElements", ["all", "index"], ["boxes"], axis=1),
    ]
    constants: dict[str, Array] = {
        "flat": logits.reshape(1, -1),
        "two": np.array([2], np.int64),
        "classes": np.array(classes, np.int64),
        "last": np.array([2], np.int64),
        "four": np.array([1, 1, 4], np.int64),
        "zero": np.array(0, np.float32),
        "places": boxes.reshape(1, queries, 4),
    }
    outputs: dict[str, tuple[int, list[int | str]]] = {
        "labels": (TensorProto.INT64, [1, 2]),
        "boxes": (TensorProto.FLOAT, [1, 2, 4]),
        "scores": (TensorProto.FLOAT, [1, 2]),
    }
    return save(path, nodes, outputs, constants, sizes=True)
