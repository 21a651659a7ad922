"""A 3x3 convolution with 2.25 times fewer multiplications: Winograd's F(2x2, 3x3).

Each tile of 2x2 results comes from 4x4 inputs through 16 products instead of 36: Y = A' [(G g G') * (B' d B)] A (Lavin
and Gray, Fast Algorithms for Convolutional Neural Networks, CVPR 2016). OpenVINO computes f32 convolutions directly;
for the few that have many channels on a small area this is faster, and its results differ by rounding alone.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from detections.detectors.openvino_runtime import quiet_openvino

# B', G and A' of the paper's equation (9).
INPUT = np.array([[1, 0, -1, 0], [0, 1, 1, 0], [0, -1, 1, 0], [0, 1, 0, -1]], np.float32)
KERNEL = np.array([[1, 0, 0], [0.5, 0.5, 0.5], [0.5, -0.5, 0.5], [0, 0, 1]], np.float32)
OUTPUT = np.array([[1, 1, 1, 0], [0, 1, -1, -1]], np.float32)


def convolution_3x3(pixels: Any, weights: NDArray[np.float32]) -> Any:
    """`pixels` [1, H, W, C] convolved with `weights` (K, C, 3, 3), stride 1, padded by 1: [1, H, W, K]."""
    operators = quiet_openvino().opset8
    _, height, width, channels = pixels.output(0).get_shape()
    kernels = len(weights)
    reads, writes = _tile_reads(height, width), _tile_writes(height, width)
    tiles = reads.size // 16
    edge = np.zeros([1, channels], np.float32)
    points = operators.concat([operators.reshape(pixels, [height * width, channels], False), edge], 0)
    inputs = operators.reshape(operators.gather(points, reads, 0), [16, tiles * channels], False)
    turned = operators.reshape(
        operators.matmul(np.kron(INPUT, INPUT), inputs, False, False), [16, tiles, channels], False
    )
    products = operators.concat(_products(turned, weights, tiles), 0)
    flat = operators.reshape(products, [16, tiles * kernels], False)
    results = operators.reshape(
        operators.matmul(np.kron(OUTPUT, OUTPUT), flat, False, False), [4 * tiles, kernels], False
    )
    return operators.reshape(operators.gather(results, writes, 0), [1, height, width, kernels], False)


def _products(turned: Any, weights: NDArray[np.float32], tiles: int) -> list[Any]:
    """The sixteen products [tiles, K]; apart, because constants are packed ahead only for plain matrices."""
    operators = quiet_openvino().opset8
    channels = weights.shape[1]
    kernels = np.einsum("ai,bj,kcij->abkc", KERNEL, KERNEL, weights).reshape(16, -1, channels).astype(np.float32)
    parts = operators.split(turned, 0, 16).outputs()
    return [
        operators.matmul(operators.reshape(part, [tiles, channels], False), np.ascontiguousarray(kernel), False, True)
        for part, kernel in zip(parts, kernels, strict=True)
    ]


def _tile_reads(height: int, width: int) -> NDArray[np.int32]:
    """For each place in a tile and each tile, the number of its point; `height * width` is the point outside."""
    row, column, down, across = np.meshgrid(*map(range, (4, 4, (height + 1) // 2, (width + 1) // 2)), indexing="ij")
    y, x = 2 * down + row - 1, 2 * across + column - 1
    inside = (y >= 0) & (y < height) & (x >= 0) & (x < width)
    return np.where(inside, y * width + x, height * width).reshape(-1).astype(np.int32)


def _tile_writes(height: int, width: int) -> NDArray[np.int32]:
    """For each point of the result, where it lies among the 2x2 places of all tiles."""
    y, x = np.meshgrid(range(height), range(width), indexing="ij")
    tiles_across = (width + 1) // 2
    tiles = (height + 1) // 2 * tiles_across
    place = y % 2 * 2 + x % 2
    return np.asarray(place * tiles + y // 2 * tiles_across + x // 2, np.int32).reshape(-1)
