"""Copies between thumbnail and stored picture, made when one is first asked for, and kept until the picture goes.

Decoding at a half, a quarter or an eighth of the size is part of what JPEG is, so that nothing has to be resized: with
simplejpeg alone, the web's processes need no OpenCV for it. docs/decisions/gallery.md has the figures.
"""

from __future__ import annotations

import os

from cameras.models import Image
from detections.picture import UnreadablePicture

LEAST = 600
"""Pixels of width: three times the space that a phone has for a picture in two columns, twice that of a desktop's."""
SCALES = (8, 4, 2)
QUALITY = 55


def preview_scale(width: int) -> int:
    """By how much the preview of a picture of that width is smaller; 0 where a picture is too small to have one."""
    return next((scale for scale in SCALES if width // scale >= LEAST), 0)


def preview_width(width: int) -> int:
    """Pixels; 0 where a picture of that width has no preview. Rounded up, as JPEG's decoders do."""
    scale = preview_scale(width)
    return -(-width // scale) if scale else 0


def make_preview(image: Image) -> None:
    """Write the preview of a picture that has one; of a picture that goes meanwhile nothing is left.

    Raises `UnreadablePicture`, or `OSError` where there is no such file. A picture without a thumbnail has none: that
    it was made shows that decoding neither hangs nor kills, which nobody tries in a process that answers people.
    """
    import simplejpeg

    scale = preview_scale(image.width)
    if not scale or not image.thumbnail.is_file():
        raise UnreadablePicture(f"{image}: has no preview")
    least = {"min_width": -(-image.width // scale), "min_height": -(-image.height // scale)}
    try:
        pixels = simplejpeg.decode_jpeg(image.file.read_bytes(), "BGR", strict=False, **least)
    except ValueError as problem:
        raise UnreadablePicture(f"{image}: {problem}") from None
    write(image, simplejpeg.encode_jpeg(pixels, quality=QUALITY, colorspace="BGR", colorsubsampling="420"))


def write(image: Image, data: bytes) -> None:
    """Put the file in its place as a whole, whoever else makes it."""
    target = image.preview
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_suffix(f".{os.getpid()}-{id(data)}.part")
    try:
        part.write_bytes(data)
        part.rename(target)
    finally:
        part.unlink(missing_ok=True)
    # A purge takes the row away first and the files then: what it can no longer see is taken away here.
    if not Image.objects.filter(pk=image.pk).exists():
        target.unlink(missing_ok=True)
