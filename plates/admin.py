"""Number plates and their readings, in the admin."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from cameras.admin import MachineDataAdmin
from cameras.admin_filters import DaysFilter, ImageCameraFilter
from cameras.admin_parts import NOTHING, OfOneImage, list_url, picture, row_link, thumbnail, thumbnails
from cameras.models import Image
from plates.admin_corrections import CorrectionAdmin
from plates.admin_plates import MOST_SHOWN, PlateAdmin
from plates.admin_settings import PlateSettingsAdmin
from plates.models import Plate, PlateReading, RecognitionRun, Sighting
from plates.text import normalise

__all__ = [
    "CorrectionAdmin",
    "PlateAdmin",
    "PlateReadingAdmin",
    "PlateSettingsAdmin",
    "RecognitionRunAdmin",
    "SightingAdmin",
]


@admin.register(RecognitionRun)
class RecognitionRunAdmin(OfOneImage, MachineDataAdmin[RecognitionRun]):
    """What plate reading did with each image."""

    list_display = ("small", "image_link", "status", "model", "took", "attempts", "queued_at", "reason")
    list_filter = ("status",)
    found_by = ("image",)
    search_help_text = "The number of an image."
    ordering = ("-image_id",)
    extra_fields = ("large",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[RecognitionRun]:
        """With images, read for the rows of the page only."""
        return super().get_queryset(request).prefetch_related("image__camera__node")

    @admin.display(description="picture")
    def large(self, run: RecognitionRun) -> str:
        """The picture."""
        return picture(run.image)

    def row_links(self, row: RecognitionRun) -> list[tuple[str, str]]:
        """What it read."""
        return [("Readings", list_url(PlateReading, q=row.image_id))]


@admin.register(PlateReading)
class PlateReadingAdmin(OfOneImage, MachineDataAdmin[PlateReading]):
    """Single readings, newest first."""

    list_display = ("small", "text", "raw_text", "confidence", "at", "image_link", "image_camera", "corrector")
    list_display_links = ("small", "text")
    list_filter = (("at", DaysFilter), ImageCameraFilter)
    date_hierarchy = "at"
    found_by = ("image", "text")
    search_help_text = "A plate as a whole, or the number of an image."
    orderings = {"camera": ("-image__received_at", "-image_id")}
    extra_fields = ("large",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[PlateReading]:
        """With images and people, read for the rows of the page only."""
        return super().get_queryset(request).prefetch_related("image__camera__node", "corrected_by", "plate")

    def having(self, rows: QuerySet[PlateReading], word: str) -> QuerySet[PlateReading]:
        """By a plate in any way of writing it; digits alone can be a plate too, and then win over an image."""
        of_plate = rows.filter(text=normalise(word))
        return of_plate if not word.isdecimal() or of_plate.exists() else super().having(rows, word)

    @admin.display(description="corrected by")
    def corrector(self, reading: PlateReading) -> str:
        """Who corrected it."""
        return str(reading.corrected_by or NOTHING)

    @admin.display(description="picture")
    def large(self, reading: PlateReading) -> str:
        """The picture, with the plate in a box."""
        return picture(reading.image, [reading.box])


@admin.register(Sighting)
class SightingAdmin(MachineDataAdmin[Sighting]):
    """Vehicles, one in one visit."""

    list_display = ("small", "at", "text", "confidence", "status", "plate_link", "visit_link")
    list_display_links = ("small", "at", "text")
    list_filter = ("status", ("at", DaysFilter))
    date_hierarchy = "at"
    found_by = ("plate",)
    related = ("plate", "visit__camera__node", "best_image")
    search_help_text = "A plate as a whole."
    extra_fields = ("large", "pictures")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Sighting]:
        """With plates and visits, read for the rows of the page only."""
        return super().get_queryset(request).prefetch_related("plate", "visit__camera__node", "best_image")

    def having(self, rows: QuerySet[Sighting], word: str) -> QuerySet[Sighting]:
        """By its plate, since the text itself has no index."""
        plate = Plate.objects.filter(text=normalise(word)).first()
        return rows.filter(plate=plate) if plate else rows.none()

    @admin.display(description="picture")
    def small(self, sighting: Sighting) -> str:
        """The thumbnail of its best image."""
        return thumbnail(sighting.best_image_id)

    @admin.display(description="best picture")
    def large(self, sighting: Sighting) -> str:
        """Its best image."""
        return picture(sighting.best_image) if sighting.best_image else NOTHING

    @admin.display(description="all pictures")
    def pictures(self, sighting: Sighting) -> str:
        """A strip of thumbnails of its readings."""
        readings = sighting.readings.order_by("id").values_list("image_id", flat=True)[:MOST_SHOWN]
        return thumbnails(Image.objects.filter(pk__in=list(readings)))

    @admin.display(description="plate")
    def plate_link(self, sighting: Sighting) -> str:
        """A link to the plate."""
        return row_link(sighting.plate)

    @admin.display(description="visit")
    def visit_link(self, sighting: Sighting) -> str:
        """A link to the visit."""
        return row_link(sighting.visit)
