"""Number plates and their readings, in the admin."""

from __future__ import annotations

from django.contrib import admin

from cameras.admin import MachineDataAdmin, ModelAdmin
from plates.models import Plate, PlateReading, RecognitionRun, Sighting


@admin.register(Plate)
class PlateAdmin(ModelAdmin[Plate]):
    """Distinct plates with what people know of them."""

    list_display = ("text", "list", "owner", "vehicle_type", "colour", "created_at")
    list_filter = ("list",)
    search_fields = ("text", "owner")
    show_full_result_count = False
    readonly_fields = ("created_at",)


@admin.register(RecognitionRun)
class RecognitionRunAdmin(MachineDataAdmin[RecognitionRun]):
    """What plate reading did with each image."""

    list_display = ("image_id", "status", "model", "version", "duration_ms", "attempts", "queued_at", "reason")
    list_filter = ("status",)
    search_fields = ("=image__id",)
    search_help_text = "The number of an image."
    ordering = ("-pk",)


@admin.register(PlateReading)
class PlateReadingAdmin(MachineDataAdmin[PlateReading]):
    """Single readings, newest first."""

    list_display = ("at", "text", "raw_text", "confidence", "reader", "image_id", "corrected_by")
    list_filter = ("at",)
    list_select_related = ("corrected_by",)
    search_fields = ("=text",)
    search_help_text = "A plate as a whole."


@admin.register(Sighting)
class SightingAdmin(MachineDataAdmin[Sighting]):
    """Vehicles, one in one visit."""

    list_display = ("at", "text", "confidence", "plate", "visit")
    list_filter = ("at",)
    list_select_related = ("plate", "visit__camera__node")
    date_hierarchy = "at"
    search_fields = ("=text",)
    search_help_text = "A plate as a whole."
