"""Number plates and their readings, in the admin."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest

from cameras.admin import LibrarianAdmin, MachineDataAdmin
from cameras.admin_filters import DaysFilter, ImageCameraFilter
from cameras.admin_parts import NOTHING, OfOneImage, list_url, picture, row_link, thumbnail, thumbnails
from cameras.models import Image
from plates.admin_corrections import CorrectionAdmin
from plates.models import Plate, PlateKey, PlateReading, RecognitionRun, Sighting
from plates.text import normalise

MOST_SHOWN = 12
__all__ = ["CorrectionAdmin", "PlateAdmin", "PlateReadingAdmin", "RecognitionRunAdmin", "SightingAdmin"]

if TYPE_CHECKING:  # generic only for the type checker
    BasePlateForm = forms.ModelForm[Plate]
else:
    BasePlateForm = forms.ModelForm


class PlateForm(BasePlateForm):
    """A plate, whose text may be written in any way when it is added."""

    def clean_text(self) -> str:
        """The normal form, by which plates are found."""
        text = normalise(self.cleaned_data["text"])
        if not text:
            raise ValidationError("There is no letter A to Z and no digit in it.")
        if Plate.objects.filter(text=text).exists():
            raise ValidationError(f"{text} is there already.")
        return text


@admin.register(Plate)
class PlateAdmin(LibrarianAdmin[Plate]):
    """Distinct plates with what people know of them."""

    list_display = ("text", "list", "owner", "vehicle_type", "colour", "created_at")
    list_filter = ("list",)
    search_fields = ("text", "owner")
    readonly_fields = ("created_at", "pictures")
    form = PlateForm

    def has_delete_permission(self, request: HttpRequest, obj: Plate | None = None) -> bool:
        """Only of one that was never seen; a misread one is merged with the right one, on its page."""
        seen = obj is not None and (obj.readings.exists() or obj.sightings.exists())
        return not seen and admin.ModelAdmin.has_delete_permission(self, request, obj)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Deleted one by one, for each is looked at."""
        return {name: action for name, action in super().get_actions(request).items() if name != "delete_selected"}

    def get_deleted_objects(self, objs: Sequence[Plate] | QuerySet[Plate], request: HttpRequest) -> Any:
        """Its keys, which nobody deletes by hand, go with it."""
        shown, counts, forbidden, protected = super().get_deleted_objects(objs, request)
        return shown, counts, forbidden - {PlateKey._meta.verbose_name}, protected

    def get_readonly_fields(self, request: HttpRequest, obj: Plate | None = None) -> tuple[str, ...]:
        """The text stays, since readings and sightings have it too."""
        return (*self.readonly_fields, "text") if obj else self.readonly_fields

    @admin.display(description="newest pictures")
    def pictures(self, plate: Plate) -> str:
        """A strip of thumbnails of its newest readings."""
        newest = plate.readings.order_by("-at", "id").values_list("image_id", flat=True)[:MOST_SHOWN]
        return thumbnails(Image.objects.filter(pk__in=list(newest)))

    def row_links(self, row: Plate) -> list[tuple[str, str]]:
        """Where it was seen."""
        return [("Readings", list_url(PlateReading, q=row.text)), ("Sightings", list_url(Sighting, q=row.text))]


@admin.register(RecognitionRun)
class RecognitionRunAdmin(OfOneImage, MachineDataAdmin[RecognitionRun]):
    """What plate reading did with each image."""

    list_display = ("small", "image_link", "status", "model", "duration_ms", "attempts", "queued_at", "reason")
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
    orderings = {"status__exact": ("-at", "id")}
    date_hierarchy = "at"
    ordering = ("-at", "id")
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
