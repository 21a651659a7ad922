"""What is set for the reading of plates, in the admin: one row, whose list is its form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

import environment
from cameras.admin import LibrarianAdmin
from plates.models import PlateSettings
from plates.models.site import THE_ROW
from plates.readers.formats import KNOWN

if TYPE_CHECKING:  # generic only for the type checker
    BaseSettingsForm = forms.ModelForm[PlateSettings]
else:
    BaseSettingsForm = forms.ModelForm


class PlateSettingsForm(BaseSettingsForm):
    """A box to tick for each region."""

    regions = forms.MultipleChoiceField(
        choices=[(region, f"{region}: {known['what']}") for region, known in KNOWN.items()],
        widget=forms.CheckboxSelectMultiple,
        help_text=PlateSettings._meta.get_field("regions").help_text,
        error_messages={"required": "Choose one at least; with all of them every plate is expected alike."},
    )

    class Meta:
        model = PlateSettings
        fields: ClassVar[list[str]] = ["regions"]


@admin.register(PlateSettings)
class PlateSettingsAdmin(LibrarianAdmin[PlateSettings]):
    """The one row, for those who may change it."""

    form = PlateSettingsForm
    fields = ("regions", "in_force")
    readonly_fields = ("in_force",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """It is there from the beginning."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: PlateSettings | None = None) -> bool:
        """It stays."""
        return False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The form of the one row, made where it is missing."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        PlateSettings.objects.get_or_create(pk=THE_ROW)
        return redirect(reverse("admin:plates_platesettings_change", args=[THE_ROW]))

    @admin.display(description="in force")
    def in_force(self, row: PlateSettings) -> str:
        """Whether this row or the environment decides."""
        fixed = environment.current().plate_regions
        if not fixed:
            return "What is set here, from the next picture on."
        return f"{', '.join(fixed)}: PLATE_REGIONS is set in the environment and overrides what is set here."
