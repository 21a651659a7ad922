"""A form for each kind of condition, of fields that several kinds share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict

from alerts.conditions import KINDS
from alerts.conditions.plates import LISTS
from alerts.reading import MOST_MINUTES
from cameras.models import Camera, Node
from web.label_fields import LabelsField

Fields = dict[str, Callable[[], forms.Field]]


class Unjudged(forms.BaseForm):
    """A form that may come back as it was filled in, without a word on what is wrong with it."""

    unjudged = False

    def full_clean(self) -> None:
        """Judge what was filled in, or not yet."""
        if self.unjudged:
            self._errors, self.cleaned_data = ErrorDict(), {}
        else:
            super().full_clean()


class Chosen(forms.TypedMultipleChoiceField):
    """Boxes to tick: rows by their numbers, or words; none ticked stands for any."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, label: str, choices: list[tuple[Any, str]], hint: str = "", coerce: Any = int) -> None:
        super().__init__(label=label, choices=choices, required=False, coerce=coerce, help_text=hint)


class Words(forms.CharField):
    """Texts with commas between them."""

    def __init__(self, label: str, hint: str) -> None:
        super().__init__(label=label, required=False, max_length=500, help_text=hint)

    def prepare_value(self, value: object) -> object:
        """The stored list as people write it."""
        return ", ".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        """The list."""
        return [one.strip() for one in super().clean(value).split(",") if one.strip()]


def number(label: str, least: float, most: float, step: str = "any", hint: str = "") -> forms.FloatField:
    """A number between bounds."""
    widget = forms.NumberInput(attrs={"min": f"{least:g}", "max": f"{most:g}", "step": step})
    return forms.FloatField(label=label, min_value=least, max_value=most, widget=widget, help_text=hint)


def cameras() -> Chosen:
    """Cameras in use."""
    rows = Camera.objects.filter(retired_at=None).select_related("node")
    return Chosen("Cameras", [(one.pk, str(one)) for one in rows], "None ticked: any camera.")


def nodes() -> Chosen:
    """All nodes."""
    return Chosen("Nodes", [(one.pk, one.name) for one in Node.objects.all()], "None ticked: any node.")


def some(*words: tuple[str, str]) -> Callable[[], forms.Field]:
    """One of some words."""
    return lambda: forms.ChoiceField(label="State", choices=words)


def labels() -> LabelsField:
    """Things that the model knows."""
    return LabelsField(label="Things", required=False, help_text="Such as person, dog, cat. Empty: any picture.")


def areas() -> Words:
    """Regions of interest."""
    return Words("Regions of interest", "Names as in the camera’s settings, such as porch. Empty: anywhere.")


FIELDS: dict[str, Fields] = {
    "visit": {
        "labels": labels,
        "cameras": cameras,
        "score": lambda: number("Smallest score", 0, 1, "0.05", "From 0 to 1: how sure the detector has to be."),
        "count": lambda: forms.IntegerField(label="At least so many in a picture", min_value=1, max_value=100),
        "areas": areas,
    },
    "plate": {
        "lists": lambda: Chosen("Lists", [*LISTS.items()], "None ticked: any list.", str),
        "plates": lambda: Words("Plates", "Such as KV482BT, KV4*: ? is one character, * any number. Empty: any."),
        "cameras": cameras,
    },
    "event": {
        "kinds": lambda: Words("Kinds of event", "As nodes send them: motion, light, Restart. Empty: any."),
        "value": lambda: forms.CharField(label="Value", required=False, max_length=64, help_text="Such as moving."),
        "areas": areas,
        "cameras": cameras,
        "nodes": nodes,
    },
    "sensor": {
        "reading": lambda: forms.CharField(label="Reading", max_length=64, help_text="As the node calls it: Temp."),
        "side": some(("above", "above"), ("below", "below")),
        "limit": lambda: number("Value", -1e9, 1e9),
        "minutes": lambda: number("For so many minutes", 0, MOST_MINUTES, hint="0: at once."),
        "nodes": nodes,
    },
    "light": {
        "state": some(("lighted", "lighted"), ("dark", "dark")),
        "minutes": lambda: number("For so many minutes", 0, MOST_MINUTES, hint="0: at once."),
        "cameras": cameras,
    },
    "node": {"state": some(("silent", "falls silent"), ("back", "is back")), "nodes": nodes},
    "quiet": {
        "labels": labels,
        "minutes": lambda: number("For so many minutes", 0.1, MOST_MINUTES),
        "cameras": cameras,
    },
}
"""The fields of every kind, in the order in which people think of them."""
INITIAL: dict[str, dict[str, Any]] = {
    "visit": {"score": 0.5, "count": 1},
    "sensor": {"minutes": 0},
    "light": {"minutes": 0},
    "quiet": {"minutes": 30},
}


class ConditionForm(Unjudged, forms.Form):
    """One condition of a rule."""

    def __init__(
        self, kind: str, place: int, data: Mapping[str, Any] | None, stored: Mapping[str, Any] | None = None
    ) -> None:
        initial = INITIAL.get(kind, {}) | dict(stored or {})
        super().__init__(data, prefix=f"c{place}", initial=initial)
        self.kind, self.place, self.title = kind, place, KINDS[kind].title
        self.fields.update({name: make() for name, make in FIELDS[kind].items()})

    def clean(self) -> dict[str, Any]:
        """What the form says, as the rule stores it; refused where a condition refuses it."""
        found = {name: value for name, value in self.cleaned_data.items() if value is not None}
        self.condition = {"kind": self.kind, **found}
        if not self.errors:
            try:
                KINDS[self.kind].read(self.condition)
            except ValidationError as problem:
                self.add_error(None, problem)
        return self.cleaned_data
