"""In which sizes a picture can be had: its thumbnail, a preview, and as it was stored."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe

from cameras.models import Image
from ingest.previews import preview_width
from ingest.thumbnails import HEIGHT, WIDTH
from web.addresses import address_of

GRID = "(min-width: 48rem) 14rem, 33vw"
"""The room for a picture in the grid, less than it has: half of the width on a phone, 18rem elsewhere. So phones with
three pixels to the point and desktops with two take the thumbnail too, and a first view is half as many bytes."""
STAGE = "(min-width: 64rem) calc(100vw - 30rem), 80vw"
"""The room for the large picture beside what is known of it. On phones less than it has, all of the width, as the
lightbox reckons: the preview of an HD picture serves those with two pixels to the point."""


@dataclass(frozen=True, slots=True)
class Preview:
    """Where a picture's preview is, and how wide, in pixels."""

    address: str
    width: int


def preview_of(image: Image) -> Preview | None:
    """The preview of a picture; None of one that is hardly larger itself."""
    width = preview_width(image.width)
    return Preview(address_of("preview", image.pk), width) if width else None


def thumbnail_width(image: Image) -> int:
    """The width of the small copy in pixels, as `ingest.thumbnails` makes it."""
    return round(image.width * min(1.0, WIDTH / image.width, HEIGHT / image.height))


def srcset(image: Image) -> str:
    """Thumbnail and preview of a picture of known size, for browsers to choose from; empty where there is none."""
    preview = preview_of(image)
    if preview is None:
        return ""
    return f"{address_of('thumbnail', image.pk)} {thumbnail_width(image)}w, {preview.address} {preview.width}w"


def stage_sizes(image: Image) -> SafeString:
    """`srcset` and `sizes` of an `<img>` with the stored picture, large on its page; nothing without a preview."""
    preview = preview_of(image)
    if preview is None:
        return SafeString("")
    choices = f"{preview.address} {preview.width}w, {address_of('file', image.pk)} {image.width}w"
    return mark_safe(f' srcset="{choices}" sizes="{STAGE}"')  # noqa: S308  addresses and numbers of our own
