"""Forms of the pages: what people know of plates, what is done with a camera's pictures, when a node is silent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError

import environment
from cameras.models import Camera, Node
from plates.models import Plate, PlateList
from web.areas import Areas, areas_text, parse_areas
from web.label_fields import LabelsField, ScoresField

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
            "vehicle_type": "Such as car, van, truck.",
        }

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["list"] = forms.ChoiceField(
            label="List", choices=list_choices(), required=False, help_text=self.fields["list"].help_text
        )


def list_choices() -> list[tuple[str, str]]:
    """The lists by name; a plate of which nobody said anything is on none."""
    return [("", "None"), *((one.value, str(one.label)) for one in PlateList if one.value)]


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


class PercentInput(forms.NumberInput):
    """A share of a hundred, whole where it is: 100 rather than 100.0."""

    def __init__(self) -> None:
        super().__init__(attrs={"min": 0, "max": 100, "step": "any"})

    def format_value(self, value: Any) -> Any:
        """The figure as people write it."""
        return f"{value:g}" if isinstance(value, float) else super().format_value(value)


class CameraForm(CameraModelForm):
    """What is done with a camera's pictures; the camera itself is described on the Pi, in imagenode.yaml."""

    labels = LabelsField(
        label="Objects to keep",
        required=False,
        help_text="Names of what the model knows with commas between them, such as person, car, dog. Empty keeps all.",
    )
    scores = ScoresField(
        label="Scores by label",
        required=False,
        help_text="Minimum scores of their own for some objects, such as person 0.5, cat 0.7.",
    )
    rois = AreasField(
        label="Regions of interest",
        required=False,
        help_text="The areas of imagenode.yaml, one a line: the detector's roi_name, then its ROI with two corners in "
        "percent of the picture, such as porch: (0,0),(50,100).",
    )

    class Meta:
        model = Camera
        fields = [
            *("display", "message", "detect", "labels", "min_score", "scores", "min_size", "max_size"),
            *("plates", "plate_source", "newest_first", "visit_gap", "retention_days", "retention_empty_days", "rois"),
        ]
        labels = {
            "display": "Show the latest picture on the first page",
            "message": "Name of the place",
            "newest_first": "Newest pictures first",
            "visit_gap": "Gap between visits (seconds)",
            "min_size": "Smallest box (percent of the picture)",
            "max_size": "Largest box (percent of the picture)",
        }
        help_texts = {
            "display": "Pictures are received and looked at all the same.",
            "detect": "Objects are looked for here on the hub, not on the Pi, in every picture that the camera sends.",
            "min_size": "Smaller boxes are dropped. A tenth of the width by a tenth of the height is 1 percent.",
            "max_size": "Larger boxes are dropped, such as a spider's on the lens.",
            "plates": "Where a vehicle is found: only such pictures are read, which is quick. In every picture: also "
            "where none was recognised, for close views of a gate.",
            "plate_source": "Plate Recognizer is a paid service on the internet, or its SDK on your network: pictures "
            "of this camera leave this computer. It needs PLATE_RECOGNIZER_TOKEN.",
            "newest_first": "When pictures wait in line, look at this camera's latest before its older ones.",
            "message": "How messages name what the camera sees, such as “at the back door”. The viewname in "
            "imagenode.yaml stays as it is.",
        }
        widgets = {
            "min_score": forms.NumberInput(attrs={"min": 0, "max": 1, "step": "any"}),
            "min_size": PercentInput(),
            "max_size": PercentInput(),
            "visit_gap": forms.NumberInput(attrs={"min": 0.1, "max": 3600, "step": "any"}),
        }

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.floor = environment.current().detection_min_score
        gap = environment.current().visit_gap_seconds
        self.fields[
            "visit_gap"
        ].help_text = (
            f"After so long without a picture the next one begins a new visit. Empty: {gap:g} (VISIT_GAP_SECONDS)."
        )
        self.fields["min_score"].help_text = (
            f"From 0 to 1. Detections that are less sure are dropped. Empty: {self.floor:g}, below which nothing is "
            "kept on any camera (DETECTION_MIN_SCORE)."
        )

    def clean_min_score(self) -> float | None:
        """A score that has an effect."""
        score: float | None = self.cleaned_data["min_score"]
        self.check_score(score)
        return score

    def clean_scores(self) -> dict[str, float]:
        """Scores that have an effect."""
        scores: dict[str, float] = self.cleaned_data["scores"]
        self.check_score(min(scores.values(), default=None))
        return scores

    def check_score(self, score: float | None) -> None:
        """Raise `ValidationError` where another setting keeps a score from having an effect."""
        if score is not None and score < self.floor:
            raise ValidationError(
                f"Nothing below {self.floor:g} is kept on any camera: write {self.floor:g} or more, or have "
                "DETECTION_MIN_SCORE lowered."
            )


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
