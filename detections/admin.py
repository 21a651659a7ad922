"""Objects found in images, in the admin."""

from __future__ import annotations

from django.contrib import admin

from cameras.admin import MachineDataAdmin
from detections.models import Detection, DetectionRun


@admin.register(DetectionRun)
class DetectionRunAdmin(MachineDataAdmin[DetectionRun]):
    """What object detection did with each image."""

    list_display = ("image_id", "status", "model", "version", "duration_ms", "attempts", "queued_at", "reason")
    list_filter = ("status",)
    search_fields = ("=image__id",)
    search_help_text = "The number of an image."
    ordering = ("-pk",)


@admin.register(Detection)
class DetectionAdmin(MachineDataAdmin[Detection]):
    """Objects, newest image first."""

    list_display = ("image_id", "label", "confidence", "x1", "y1", "x2", "y2")
    search_fields = ("=label", "=image__id")
    search_help_text = "A label as a whole (car), or the number of an image."
    ordering = ("-pk",)
