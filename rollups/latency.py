"""Percentiles from buckets."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from rollups.columns import BOUNDS


def percentile(counts: Sequence[float], share: float) -> float | None:
    """The seconds that a share (0 to 1) of what was counted stayed below; None where nothing was counted.

    `counts` are those of BUCKETS. Inside a bucket they are taken to lie evenly, as `histogram_quantile` of Prometheus
    does; of the last one, which has no end, only its beginning is known.
    """
    total = sum(counts)
    if not total:
        return None
    wanted, below = share * total, 0.0
    for (low, high), count in zip(pairwise((0.0, *BOUNDS)), counts, strict=False):
        if count and below + count >= wanted:
            return low + (high - low) * (wanted - below) / count
        below += count
    return float(BOUNDS[-1])
