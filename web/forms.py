"""Forms of the pages: what people know of plates, what is done with a camera's pictures, when a node is silent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError

import environment
from cameras.models import Camera, Node
from detections.detectors.label_files import chosen_label, labels_of
from detections.modelfiles import ModelProblem
from plates.models import Plate
from web.areas import Areas, areas_text, parse_areas

if TYPE_CHECKING:  # generic only for the type checker
    PlateModelForm = forms.ModelForm[Plate]
    CameraModelForm = forms.ModelForm[Camera]
    NodeModelForm = forms.ModelForm[Node]
else:
    PlateModelForm = CameraModelForm = NodeModelForm = forms.ModelForm


class PlateForm(PlateModelForm):
    """What people know of a plate."""

    class Meta:
        model = Plate
        fields = ["list", "owner", "vehicle_type", "colour"]
        help_texts = {
            "list": "Ignored plates are left out of the first page.",
            "owner": "Whose vehicle it is, or anything else worth knowing.",
        }


class LabelsField(forms.CharField):
    """Labels with commas between them; other names of the same things are understood."""

    def prepare_value(self, value: object) -> object:
        """The stored list as people write it."""
        return ", ".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        """The list of labels, each once."""
        names = [name.strip() for name in super().clean(value).split(",") if name.strip()]
        try:
            known = labels_of(environment.current().detector)
        except ModelProblem as problem:
            raise ValidationError(f"The labels of the model cannot be used: {problem}.") from None
        labels = {name: chosen_label(name, known) for name in names}
        if unknown := [name for name, label in labels.items() if label is None]:
            some = ", ".join(known[:5]) + (", …" if len(known) > 5 else "")
            raise ValidationError(
                f"Not among the {len(known)} objects that the model knows ({some}): {', '.join(unknown)}."
            )
        return list(dict.fromkeys(labels.values()))

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether the text is another than that of the stored list."""
        return bool(super().has_changed(self.prepare_value(initial), data))


class AreasField(forms.CharField):
    """Regions of interest, one a line."""

    widget = forms.Textarea(attrs={"rows": 4})

    def prepare_value(self, value: object) -> object:
        """The stored areas as imagenode.yaml writes them."""
        return areas_text(value) if isinstance(value, dict) else value

    def clean(self, value: Any) -> Areas:
        """The areas by their names."""
        try:
            return parse_areas(super().clean(value))
        except ValueError as problem:
            raise ValidationError(
                f"Write a name and two corners in percent, such as porch: (0,0),(50,100). This is not: {problem}"
            ) from None


class CameraForm(CameraModelForm):
    """What is done with a camera's pictures; the camera itself is described on the Pi, in imagenode.yaml."""

    labels = LabelsField(
        label="Objects to keep",
        required=False,
        help_text="Names of what the model knows with commas between them, such as person, car, dog. Empty keeps all.",
    )
    rois = AreasField(
        label="Regions of interest",
        required=False,
        help_text="The areas of imagenode.yaml, one a line: the detector's roi_name, then its ROI with two corners in "
        "percent of the picture, such as porch: (0,0),(50,100).",
    )

    class Meta:
        model = Camera
        fields = ["display", "message", "detect", "labels", "min_score", "plates", "newest_first", "rois"]
        labels = {
            "display": "Show the latest picture on the first page",
            "message": "Name of the place",
            "newest_first": "Newest pictures first",
        }
        help_texts = {
            "display": "Pictures are received and looked at all the same.",
            "detect": "Objects are looked for here on the hub, not on the Pi, in every picture that the camera sends.",
            "min_score": "0 to 1. Detections that are less sure are dropped; 0.25 suits most places.",
            "plates": "Where a vehicle is found: only such pictures are read, which is quick. In every picture: also "
            "where none was recognised, for close views of a gate.",
            "newest_first": "When pictures wait in line, look at this camera's latest before its older ones.",
            "message": "How messages name what the camera sees, such as “at the back door”. The viewname in "
            "imagenode.yaml stays as it is.",
        }
        widgets = {"min_score": forms.NumberInput(attrs={"min": 0, "max": 1, "step": 0.01})}


class NodeForm(NodeModelForm):
    """What is noted of a node; the node itself is described on the Pi, in imagenode.yaml."""

    class Meta:
        model = Node
        fields = ["silent_after_minutes", "max_images_per_day", "max_images_per_minute"]
        labels = {
            "silent_after_minutes": "Silent after (minutes)",
            "max_images_per_day": "Most pictures a day",
            "max_images_per_minute": "Most pictures a minute",
        }
        help_texts = {
            "silent_after_minutes": "After so long without a message an event is recorded and a warning stands on the "
            "first page; 0 for never. Empty: after three times the longest gap of its usual day, which a heartbeat in "
            "the node section of imagenode.yaml keeps short.",
            "max_images_per_day": "Further ones are refused until midnight, so that a branch in the wind cannot "
            "fill the disk; 0 for no limit. Events and heartbeats are not limited.",
            "max_images_per_minute": "Further ones are refused until there is room again; 0 for no limit. A burst of "
            "imagenode is 5 to 13 pictures.",
        }
