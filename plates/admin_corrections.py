"""What people corrected and taught, in the admin; done and undone on the pages of readings and plates."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from cameras.admin import MachineDataAdmin
from cameras.admin_filters import DaysFilter
from cameras.admin_parts import NOTHING, row_link
from plates.models import Correction, PlateAlias, PlateKey, PlatePart
from plates.text import normalise


class OfOnePlate:
    """Rows that have a plate, and are found by their text in any way of writing it."""

    @admin.display(description="plate")
    def plate_link(self, row: Correction | PlateAlias | PlateKey | PlatePart) -> str:
        """A link to the plate."""
        return row_link(row.plate) if row.plate else NOTHING


@admin.register(Correction)
class CorrectionAdmin(OfOnePlate, MachineDataAdmin[Correction]):
    """Who corrected what, when, and whether it was undone."""

    list_display = ("at", "kind", "was", "text", "plate_link", "readings", "by", "undone_at", "undone_by")
    list_filter = (("at", DaysFilter), "kind")
    ordering = ("-at", "-id")
    found_by = ("was",)
    related = ("plate", "by", "undone_by")
    search_help_text = "The text that was corrected."

    def get_queryset(self, request: HttpRequest) -> QuerySet[Correction]:
        """With plates and people, read for the rows of the page only."""
        return super().get_queryset(request).prefetch_related("plate", "by", "undone_by")

    def having(self, rows: QuerySet[Correction], word: str) -> QuerySet[Correction]:
        """By its text in any way of writing it."""
        return rows.filter(was=normalise(word))


@admin.register(PlateAlias)
class PlateAliasAdmin(OfOnePlate, MachineDataAdmin[PlateAlias]):
    """Texts that people said are another plate's, or none."""

    list_display = ("text", "plate_link", "created_by", "created_at")
    ordering = ("text",)
    found_by = ("text",)
    related = ("plate", "created_by")
    search_help_text = "The misread text as a whole."

    def get_queryset(self, request: HttpRequest) -> QuerySet[PlateAlias]:
        """With plates and people, read for the rows of the page only."""
        return super().get_queryset(request).prefetch_related("plate", "created_by")

    def having(self, rows: QuerySet[PlateAlias], word: str) -> QuerySet[PlateAlias]:
        """By its text in any way of writing it."""
        return rows.filter(text=normalise(word))


@admin.register(PlateKey)
class PlateKeyAdmin(OfOnePlate, MachineDataAdmin[PlateKey]):
    """The keys by which plates that look alike are found."""

    list_display = ("key", "plate_link")
    ordering = ("-id",)
    found_by = ("key",)
    related = ("plate",)
    search_help_text = "A key as a whole."

    def get_queryset(self, request: HttpRequest) -> QuerySet[PlateKey]:
        """With plates, read for the rows of the page only."""
        return super().get_queryset(request).prefetch_related("plate")


@admin.register(PlatePart)
class PlatePartAdmin(OfOnePlate, MachineDataAdmin[PlatePart]):
    """The ends of plates' texts, by which a part of a plate is found."""

    list_display = ("text", "plate_link")
    ordering = ("-id",)
    found_by = ("text",)
    related = ("plate",)
    search_help_text = "An end of a plate's text as a whole."

    def get_queryset(self, request: HttpRequest) -> QuerySet[PlatePart]:
        """With plates, read for the rows of the page only."""
        return super().get_queryset(request).prefetch_related("plate")
