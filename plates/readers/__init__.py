"""Plate reading backends; one file each, the contract in base.py."""

from __future__ import annotations

from environment import Environment
from plates.readers.base import PlateReader


def create(name: str, env: Environment) -> PlateReader:
    """Load the backend called `name`; raises `ModelProblem` with what to run, or `KeyError` for a name not known."""
    if name == "rapidocr":
        from plates.readers.rapidocr import RapidOcrReader

        return RapidOcrReader(env)
    raise KeyError(name)
