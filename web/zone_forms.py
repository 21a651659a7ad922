"""Forms of the zones of a camera: their names and kinds; their corners come from the drawing on the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.forms import BaseInlineFormSet, inlineformset_factory

from cameras.models import Camera, Zone

MOST_ZONES = 20

if TYPE_CHECKING:  # generic only for the type checker
    ZoneModelForm = forms.ModelForm[Zone]
    ZoneSet = BaseInlineFormSet[Zone, Camera, "ZoneForm"]
else:
    ZoneModelForm, ZoneSet = forms.ModelForm, BaseInlineFormSet


class ZoneForm(ZoneModelForm):
    """One zone."""

    class Meta:
        model = Zone
        fields = ["name", "kind", "points"]
        widgets = {"points": forms.HiddenInput(attrs={"data-points": ""})}
        help_texts = {"kind": ""}
        error_messages = {
            "points": {"required": "Draw this zone on the picture.", "invalid": "Draw this zone on the picture again."}
        }

    def clean_points(self) -> object:
        """The corners, to a ten-thousandth of the picture, which no screen shows."""
        points = self.cleaned_data["points"]
        try:
            return [[round(x, 4), round(y, 4)] for x, y in points]
        except (TypeError, ValueError):
            return points  # the model says what is wrong


class BaseZoneFormSet(ZoneSet):
    """All zones of a camera."""

    def get_unique_error_message(self, unique_check: object) -> str:
        """What is said where two have one name."""
        return "Two zones have the same name. Give each a name of its own."

    def get_form_error(self) -> str:
        """The same beside the second of them."""
        return "Another zone has this name."


ZoneFormSet = inlineformset_factory(
    Camera,
    Zone,
    form=ZoneForm,
    formset=BaseZoneFormSet,
    extra=0,
    max_num=MOST_ZONES,
    validate_max=True,
    absolute_max=2 * MOST_ZONES,
)
