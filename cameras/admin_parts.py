"""Pieces of the admin's pages: thumbnails, pictures with boxes, links between rows."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib import admin
from django.db.models import Model
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from cameras.models import Image

NOTHING = "–"
Box = tuple[float, float, float, float]


def row_url(row: Model) -> str:
    """The address of a row's page."""
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def list_url(model: type[Model], **filters: object) -> str:
    """The address of the list of a model's rows, filtered."""
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    return address + "?" + "&".join(f"{name}={value}" for name, value in filters.items()) if filters else address


def link(address: str, text: str) -> str:
    """A link."""
    return format_html('<a href="{}">{}</a>', address, text)


def row_link(row: Model | None, text: str = "") -> str:
    """A link to a row's page."""
    return link(row_url(row), text or str(row)) if row else NOTHING


def row_links(rows: Iterable[tuple[Model, str]], between: str = ", ") -> str:
    """Links to the pages of several rows, each with its text."""
    return format_html_join(between, '<a href="{}">{}</a>', ((row_url(row), text) for row, text in rows)) or NOTHING


def thumbnail(image_id: int | None) -> str:
    """The small copy of a picture; it goes through the page that asks who may see it."""
    if image_id is None:
        return NOTHING
    address = reverse("web:thumbnail", args=[image_id])
    return format_html('<img class="thumbnail" src="{}" alt="image {}" loading="lazy">', address, image_id)


def thumbnails(images: Iterable[Image]) -> str:
    """A strip of small copies, each a link to its image's page in the admin."""
    strip = ((row_url(image), thumbnail(image.pk)) for image in images)
    found = format_html_join("", '<a href="{}">{}</a>', strip)
    return format_html('<span class="thumbnails">{}</span>', found) if found else NOTHING


def picture(image: Image, boxes: Iterable[Box] = ()) -> SafeString:
    """A picture with boxes drawn over it; it leads to its page on the site."""
    corners = ((x1, y1, x2 - x1, y2 - y1) for x1, y1, x2, y2 in boxes) if image.width and image.height else ()
    drawn = format_html_join("", '<rect x="{}" y="{}" width="{}" height="{}"/>', corners)
    over = format_html('<svg viewBox="0 0 {} {}" aria-hidden="true">{}</svg>', image.width, image.height, drawn)
    page, file = reverse("web:image", args=[image.pk]), reverse("web:file", args=[image.pk])
    return format_html('<a class="picture" href="{}"><img src="{}" alt="{}">{}</a>', page, file, image, over)


class OfOneImage:
    """Columns of rows that belong to one image: detections, readings, runs. For lists that prefetch the image."""

    @admin.display(description="picture")
    def small(self, row: Model) -> str:
        """The thumbnail."""
        return thumbnail(row.image_id)  # type: ignore[attr-defined]  # a row of one image

    @admin.display(description="image")
    def image_link(self, row: Model) -> str:
        """A link to the image's page in the admin."""
        return row_link(row.image, f"image {row.image.pk}")  # type: ignore[attr-defined]

    @admin.display(description="camera")
    def image_camera(self, row: Model) -> str:
        """The image's camera."""
        return str(row.image.camera)  # type: ignore[attr-defined]

    @admin.display(description="received at")
    def image_received_at(self, row: Model) -> object:
        """When the image came."""
        return row.image.received_at  # type: ignore[attr-defined]

    @admin.display(description="took")
    def took(self, row: Model) -> str:
        """How long a run or a call lasted, in whole milliseconds."""
        lasted: float | None = row.duration_ms  # type: ignore[attr-defined]
        return NOTHING if lasted is None else f"{lasted:,.0f} ms"
