"""Objects found in images, in the admin."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from cameras.admin import MachineDataAdmin
from cameras.admin_filters import DaysFilter, ImageCameraFilter, ValuesFilter
from cameras.admin_parts import OfOneImage, list_url, picture
from detections.models import Detection, DetectionRun

BY_IMAGE = ("-image__received_at", "-image_id")
"""The order in which an index has the images of one camera or of some days."""


class LabelFilter(ValuesFilter):
    """By label."""

    title = parameter_name = column = "label"
    usual = ("person", "car", "truck", "bus", "motorcycle", "bicycle", "dog", "cat")


@admin.register(DetectionRun)
class DetectionRunAdmin(OfOneImage, MachineDataAdmin[DetectionRun]):
    """What object detection did with each image."""

    list_display = ("small", "image_link", "status", "model", "took", "attempts", "queued_at", "reason")
    list_filter = ("status",)
    found_by = ("image",)
    search_help_text = "The number of an image."
    ordering = ("-image_id",)
    extra_fields = ("large",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[DetectionRun]:
        """With images, read for the rows of the page only."""
        return super().get_queryset(request).prefetch_related("image__camera__node")

    @admin.display(description="picture")
    def large(self, run: DetectionRun) -> str:
        """The picture."""
        return picture(run.image)

    def row_links(self, row: DetectionRun) -> list[tuple[str, str]]:
        """What it found."""
        return [("Detections", list_url(Detection, q=row.image_id))]


@admin.register(Detection)
class DetectionAdmin(OfOneImage, MachineDataAdmin[Detection]):
    """Objects, the last found first."""

    list_display = ("small", "label", "confidence", "shadowed", "image_link", "image_camera", "image_received_at")
    list_display_links = ("small", "label")
    list_filter = (LabelFilter, ImageCameraFilter, ("image__received_at", DaysFilter))
    found_by = ("image",)
    search_help_text = "The number of an image."
    ordering = ("-id",)
    orderings = {
        "label": ("-image_id", "id"),
        "camera": BY_IMAGE,
        **{f"image__received_at__{end}": BY_IMAGE for end in ("gte", "lt", "from_day", "to_day")},
    }
    extra_fields = ("large",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Detection]:
        """With images, read for the rows of the page only."""
        return super().get_queryset(request).prefetch_related("image__camera__node")

    @admin.display(description="picture")
    def large(self, detection: Detection) -> str:
        """The picture, with the object in a box."""
        return picture(detection.image, [detection.box])
