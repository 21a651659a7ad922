"""A 3x3 convolution as a thinner one and a 1x1: fewer multiplications where its kernels resemble each other.

The truncated singular value decomposition of the kernels, one a row, is the nearest matrix of its rank (Eckart and
Young); as two layers that is scheme 2 of Jaderberg et al., Speeding up Convolutional Neural Networks with Low Rank
Expansions (BMVC 2014), with the first layer left whole.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

KEPT = 0.97
"""Of the squares of the weights. docs/decisions/int8.md has what keeping less loses."""
WORTH = 0.6
"""Multiplications that two layers may take of those of the one; above that they are not worth their memory traffic."""


def factors(weights: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]] | None:
    """`weights` (K, C, 3, 3) as (R, C, 3, 3) and (K, R, 1, 1), to be applied in turn; None: not worth it."""
    kernels = weights.reshape(len(weights), -1).astype(np.float64)
    left, values, right = np.linalg.svd(kernels, full_matrices=False)
    squares = np.cumsum(values**2)
    rank = int(np.searchsorted(squares, KEPT * squares[-1])) + 1
    if rank * sum(kernels.shape) > WORTH * kernels.size:
        return None
    scale = np.sqrt(values[:rank])
    first = (scale[:, np.newaxis] * right[:rank]).reshape(rank, *weights.shape[1:])
    second = (left[:, :rank] * scale)[:, :, np.newaxis, np.newaxis]
    return first.astype(np.float32), second.astype(np.float32)
