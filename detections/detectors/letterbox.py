"""A picture shrunk or enlarged into a canvas of another shape without being distorted, and boxes on it taken back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detections.picture import Pixels

GREY = 114
"""The canvas around the picture, as YOLOX and Ultralytics have it."""


@dataclass(frozen=True, slots=True)
class Letterbox:
    """Where a picture lies on the canvas, in the canvas's pixels."""

    scale: float
    width: int
    height: int
    left: int
    top: int

    @classmethod
    def at_corner(cls, picture: tuple[int, int], canvas: tuple[int, int]) -> Letterbox:
        """In the upper left corner, sides rounded down, as YOLOX does it; sizes are (width, height)."""
        scale = min(canvas[0] / picture[0], canvas[1] / picture[1])
        return cls(scale, max(1, int(picture[0] * scale)), max(1, int(picture[1] * scale)), 0, 0)

    @classmethod
    def centred(cls, picture: tuple[int, int], canvas: tuple[int, int]) -> Letterbox:
        """In the middle, sides rounded and an odd pixel of room right or below, as Ultralytics does it."""
        scale = min(canvas[0] / picture[0], canvas[1] / picture[1])
        width, height = (max(1, round(side * scale)) for side in picture)
        left, top = ((room - side) // 2 for room, side in zip(canvas, (width, height), strict=True))
        return cls(scale, width, height, left, top)

    def drawn(self, pixels: Pixels, canvas: tuple[int, int]) -> Pixels:
        """The picture on a grey canvas of that (width, height), channels as they are."""
        import cv2

        shape = (self.width, self.height)
        fits = shape == (pixels.shape[1], pixels.shape[0])
        sheet = np.full((canvas[1], canvas[0], 3), GREY, np.uint8)
        sheet[self.top : self.top + self.height, self.left : self.left + self.width] = (
            pixels if fits else cv2.resize(pixels, shape, interpolation=cv2.INTER_LINEAR)
        )
        return sheet

    def undone(self, boxes: NDArray[np.float32]) -> NDArray[np.float32]:
        """Boxes x1, y1, x2, y2 on the canvas, shape (n, 4), in pixels of the picture."""
        return (boxes - np.array([self.left, self.top] * 2, np.float32)) / np.float32(self.scale)
