"""Raw pixels to JPEG."""

from __future__ import annotations

import numpy as np
import simplejpeg

from receiver.messages import Payload

QUALITY = 95  # what OpenCV writes by default, so raw senders and jpg senders leave like files
COLOURS = {1: "GRAY", 3: "BGR", 4: "BGRA"}


def to_jpeg(data: Payload, shape: tuple[int, int, int]) -> bytes:
    """JPEG bytes of 8-bit pixels in C order; `shape` is (height, width, channels), three channels are BGR.

    Raises ValueError when the encoder will not have it.
    """
    pixels = np.frombuffer(data, np.uint8).reshape(shape)
    encoded: bytes = simplejpeg.encode_jpeg(pixels, QUALITY, COLOURS[shape[2]], "420")
    return encoded
