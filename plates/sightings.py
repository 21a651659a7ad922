"""The vehicles of a visit, made out of what was found and read on its pictures."""

from __future__ import annotations

from plates.pictures import best_images

__all__ = ["best_images"]
