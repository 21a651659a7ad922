"""A measure over some time, and what it says."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

Sample: TypeAlias = tuple[float, float]
"""When, in seconds since 1970, and how much."""


class Verdict(NamedTuple):
    """Whether something lasts that people should know of, and how it stands in words."""

    on: bool
    text: str


def add(samples: list[Sample], now: float, value: float, *, every: float, keep: float) -> None:
    """Note a value, no more often than `every` seconds, and forget those that are `keep` seconds old.

    A clock that was set back begins anew.
    """
    if samples and samples[-1][0] > now:
        samples.clear()
    if not samples or now - samples[-1][0] >= every * 0.9:
        samples.append((now, value))
    samples[:] = [one for one in samples if now - one[0] <= keep]
