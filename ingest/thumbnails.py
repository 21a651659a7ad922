"""Small copies of pictures, made when a picture is registered.

JPEGs: a WebP is a third smaller, and takes forty times the processor to make (14 ms of 0.35 ms on the machine that it
was measured on), more than everything else that registering does.
"""

from __future__ import annotations

import os
from pathlib import Path

from detections.picture import Picture, UnreadablePicture

WIDTH = 400
"""Pixels; sharp in a two-column gallery on a phone, about 16 KB: 30 of them and their page stay below 600 KB."""
HEIGHT = 800
"""Pixels; only pictures that are twice as high as wide are made narrower for it."""
QUALITY = 50


def write_thumbnail(picture: Picture, target: Path) -> None:
    """Write the small copy of a picture; raises `UnreadablePicture` or `OSError`."""
    import cv2

    scale = min(1.0, WIDTH / picture.width, HEIGHT / picture.height)
    width, height = max(1, round(picture.width * scale)), max(1, round(picture.height * scale))
    small = cv2.resize(picture.at_least(width, height), (width, height), interpolation=cv2.INTER_AREA)
    written, encoded = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    if not written:
        raise UnreadablePicture(f"{picture.name}: no thumbnail of {width}x{height} can be made")
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_suffix(f".{os.getpid()}.part")
    part.write_bytes(encoded.tobytes())
    part.rename(target)
