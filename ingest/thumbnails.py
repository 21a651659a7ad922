"""Small WebP copies of pictures, made when a picture is registered."""

from __future__ import annotations

import os
from pathlib import Path

from detections.picture import Picture

WIDTH = 480
"""Pixels; sharp in a two-column gallery on a phone, about 15 KB."""
QUALITY = 70


def write_thumbnail(picture: Picture, target: Path) -> None:
    """Write the small copy of a picture; raises `UnreadablePicture` or `OSError`."""
    import cv2

    width = min(WIDTH, picture.width)
    height = max(1, round(picture.height * width / picture.width))
    small = cv2.resize(picture.at_least(width, height), (width, height), interpolation=cv2.INTER_AREA)
    _, encoded = cv2.imencode(".webp", small, [cv2.IMWRITE_WEBP_QUALITY, QUALITY])
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_suffix(f".{os.getpid()}.part")
    part.write_bytes(encoded.tobytes())
    part.rename(target)
