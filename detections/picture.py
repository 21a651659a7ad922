"""A picture as the backends take it: JPEG bytes, decoded once and no larger than asked.

The libraries that decode are imported on first use: they take 40 MB, and half of the processes never decode.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Pixels: TypeAlias = "NDArray[np.uint8]"
Box: TypeAlias = tuple[float, float, float, float]
"""x1, y1, x2, y2 in pixels of the whole picture, x2 and y2 exclusive."""

MAX_PIXELS = 100_000_000
"""Larger than any camera of today sends; a header that claims more is refused before anything is decoded."""


MAX_SCANS = 64
"""Scans of a progressive JPEG. Encoders write about ten; each costs a pass over all pixels, so that thousands would
keep a decoder busy for minutes."""
SCAN = b"\xff\xda"
"""A scan's marker; inside compressed data a byte 255 is always followed by 0 or a restart marker."""


JPEG = b"\xff\xd8"
"""What every JPEG begins with."""


class UnreadablePicture(ValueError):
    """The bytes cannot be decoded to a picture, or claim an unreasonable size."""


class Picture:
    """A picture and its decoded forms. Width and height come from the header, so nothing is decoded until asked for.

    The EXIF orientation is ignored: boxes are in the pixels as stored.
    """

    def __init__(self, data: bytes, name: str = "picture") -> None:
        self.data = data
        self.name = name
        self._full: Pixels | None = None
        self.width, self.height = self._size()
        if data.count(SCAN) > MAX_SCANS:
            raise UnreadablePicture(f"{name}: a JPEG of more than {MAX_SCANS} scans")
        if self.width * self.height > MAX_PIXELS:
            raise UnreadablePicture(f"{name}: {self.width}x{self.height} is more than {MAX_PIXELS} pixels")

    @classmethod
    def read(cls, path: Path) -> Picture:
        """The picture in a file; raises `OSError` or `UnreadablePicture`."""
        return cls(path.read_bytes(), path.name)

    def full(self) -> Pixels:
        """BGR pixels, shape (height, width, 3); kept for the next caller."""
        if self._full is None:
            self._full = self._decode(1)
        return self._full

    def at_least(self, width: int, height: int, long_side: int = 0) -> Pixels:
        """BGR pixels, decoded at the smallest of the scales 1, 1/2, 1/4, 1/8 that is not below `width` x `height`.

        Nor is its longer side below `long_side`.
        """
        if self._full is not None:
            return self._full
        for scale in (8, 4, 2):
            small = self.width // scale, self.height // scale
            if small[0] >= width and small[1] >= height and max(small) >= long_side:
                return self._decode(scale)
        return self.full()

    def _size(self) -> tuple[int, int]:
        if self.data[:2] != JPEG:
            self._full = self._decode(1)
            return self._full.shape[1], self._full.shape[0]
        import simplejpeg

        try:
            height, width, _, _ = simplejpeg.decode_jpeg_header(self.data)
        except ValueError as problem:
            raise UnreadablePicture(f"{self.name}: {problem}") from None
        return width, height

    def _decode(self, scale: int) -> Pixels:
        """With simplejpeg: the same pixels as OpenCV's, in half the time. What it refuses, OpenCV is asked for too.

        OpenCV passes over small faults, such as bytes between two segments, and knows other formats than JPEG.
        """
        import simplejpeg

        if self.data[:2] != JPEG:
            return self._decode_leniently(scale)
        try:
            # Both sides rounded up, as libjpeg does, so that no scale in between is taken.
            least = {"min_height": -(-self.height // scale), "min_width": -(-self.width // scale)} if scale > 1 else {}
            return simplejpeg.decode_jpeg(self.data, "BGR", **least)  # type: ignore[no-any-return]
        except ValueError:
            return self._decode_leniently(scale)

    def _decode_leniently(self, scale: int) -> Pixels:
        import cv2
        import numpy as np

        flags = {
            1: cv2.IMREAD_COLOR,
            2: cv2.IMREAD_REDUCED_COLOR_2,
            4: cv2.IMREAD_REDUCED_COLOR_4,
            8: cv2.IMREAD_REDUCED_COLOR_8,
        }[scale]
        try:
            pixels = cv2.imdecode(np.frombuffer(self.data, np.uint8), flags | cv2.IMREAD_IGNORE_ORIENTATION)
        except cv2.error as problem:
            raise UnreadablePicture(f"{self.name}: {problem.err}") from None
        if pixels is None:
            raise UnreadablePicture(f"{self.name}: not a picture that can be decoded")
        return np.asarray(pixels, np.uint8)
