"""Parts of stored pictures, as sharp as these are."""

from __future__ import annotations

from cameras.models import Image
from detections.picture import UnreadablePicture

QUALITY = 90
Box = tuple[int, int, int, int]
"""Left, top, right and bottom in pixels, right and bottom not included."""


def cut(image: Image, box: Box) -> bytes:
    """A part of a picture as JPEG.

    Raises `UnreadablePicture` where it cannot be cut, or `OSError` where there is no such file. As with previews, a
    picture without a thumbnail is left alone: that it was made shows that decoding neither hangs nor kills.
    """
    import numpy as np
    import simplejpeg

    if not image.thumbnail.is_file():
        raise UnreadablePicture(f"{image}: has no thumbnail")
    try:
        pixels = simplejpeg.decode_jpeg(image.file.read_bytes(), "BGR", strict=False)
    except ValueError as problem:
        raise UnreadablePicture(f"{image}: {problem}") from None
    left, top, right, bottom = box
    part = np.ascontiguousarray(pixels[top:bottom, left:right])
    if not part.size:
        raise UnreadablePicture(f"{image}: has no part {box}")
    data: bytes = simplejpeg.encode_jpeg(part, quality=QUALITY, colorspace="BGR", colorsubsampling="444")
    return data
