"""What Plate Recognizer was asked and answered, in the admin."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from cameras.admin import MachineDataAdmin
from cameras.admin_filters import DaysFilter
from cameras.admin_parts import NOTHING, OfOneImage, list_url, picture
from cloud.models import CloudCall, CloudDay, CloudRun, CloudState
from plates.models import PlateReading


@admin.register(CloudRun)
class CloudRunAdmin(OfOneImage, MachineDataAdmin[CloudRun]):
    """Whether each image was sent, and why not."""

    list_display = ("small", "image_link", "status", "version", "took", "attempts", "finished_at", "reason")
    list_filter = ("status",)
    found_by = ("image",)
    search_help_text = "The number of an image."
    ordering = ("-image_id",)
    extra_fields = ("large",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[CloudRun]:
        """With images, read for the rows of the page only."""
        return super().get_queryset(request).prefetch_related("image__camera__node")

    @admin.display(description="picture")
    def large(self, run: CloudRun) -> str:
        """The picture."""
        return picture(run.image)

    def row_links(self, row: CloudRun) -> list[tuple[str, str]]:
        """What was sent and what was read."""
        calls, readings = list_url(CloudCall, q=row.image_id), list_url(PlateReading, q=row.image_id)
        return [("Calls", calls), ("Readings", readings)]


@admin.register(CloudCall)
class CloudCallAdmin(OfOneImage, MachineDataAdmin[CloudCall]):
    """Every picture that was sent, newest first, with the answer as it came."""

    list_display = (
        "small",
        "begun_at",
        "status",
        "http_status",
        "took",
        "vehicles_told",
        "image_link",
        "detail",
    )
    list_display_links = ("small", "begun_at")
    list_filter = ("status", ("begun_at", DaysFilter))
    date_hierarchy = "begun_at"
    found_by = ("image",)
    search_help_text = "The number of an image."
    ordering = ("-begun_at", "-id")
    extra_fields = ("large",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[CloudCall]:
        """With images, read for the rows of the page only."""
        return super().get_queryset(request).prefetch_related("image__camera__node")

    @admin.display(description="vehicles")
    def vehicles_told(self, call: CloudCall) -> str:
        """Each plate with what is told of its vehicle."""
        rows = call.vehicles if isinstance(call.vehicles, list) else []
        said = [" ".join(str(value) for value in one.values()) for one in rows if isinstance(one, dict)]
        return ", ".join(said) or NOTHING

    @admin.display(description="picture")
    def large(self, call: CloudCall) -> str:
        """The picture, with the plates in boxes."""
        return picture(call.image, [one.box for one in call.image.plate_readings.all()])


@admin.register(CloudDay)
class CloudDayAdmin(MachineDataAdmin[CloudDay]):
    """What each day cost."""

    list_display = ("day", "calls")
    ordering = ("-day",)


@admin.register(CloudState)
class CloudStateAdmin(MachineDataAdmin[CloudState]):
    """Whether anything is sent at this time."""

    list_display = (
        "__str__",
        "paused_until",
        "reason",
        "failures",
        "service_limit",
        "elsewhere",
        "resets_at",
        "asked_at",
    )
    ordering = ("id",)
