"""Distinct plates, in the admin."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest

from cameras.admin import LibrarianAdmin
from cameras.admin_parts import list_url, thumbnails
from cameras.models import Image
from plates.models import Plate, PlateKey, PlatePart, PlateReading, Sighting
from plates.searching import holding
from plates.text import normalise
from plates.waiting import look_again

MOST_SHOWN = 12
MOST_WORDS = 5

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
        """Its keys and parts, which nobody deletes by hand, go with it."""
        shown, counts, forbidden, protected = super().get_deleted_objects(objs, request)
        return shown, counts, forbidden - {one._meta.verbose_name for one in (PlateKey, PlatePart)}, protected

    def get_search_results(self, request: HttpRequest, queryset: QuerySet[Plate], search_term: str) -> Any:
        """As on the page of plates, word by word."""
        for word in search_term.split()[:MOST_WORDS]:
            queryset = queryset.filter(holding(word))
        return queryset, False

    def get_readonly_fields(self, request: HttpRequest, obj: Plate | None = None) -> tuple[str, ...]:
        """The text stays, since readings and sightings have it too."""
        return (*self.readonly_fields, "text") if obj else self.readonly_fields

    def save_model(self, request: HttpRequest, obj: Plate, form: forms.ModelForm[Plate], change: bool) -> None:
        """Vehicles that wait with the text of a new one are that plate."""
        super().save_model(request, obj, form, change)
        if not change:
            look_again(obj.text)

    @admin.display(description="newest pictures")
    def pictures(self, plate: Plate) -> str:
        """A strip of thumbnails of its newest readings."""
        newest = plate.readings.order_by("-at", "-id").values_list("image_id", flat=True)[:MOST_SHOWN]
        return thumbnails(Image.objects.filter(pk__in=list(newest)))

    def row_links(self, row: Plate) -> list[tuple[str, str]]:
        """Where it was seen."""
        return [("Readings", list_url(PlateReading, q=row.text)), ("Sightings", list_url(Sighting, q=row.text))]
