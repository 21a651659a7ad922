"""Fields of forms that speak of labels, which people may write in other words than the model does."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

import environment
from detections.detectors import label_files
from detections.modelfiles import ModelProblem

LABEL_AND_SCORE = re.compile(r"(?P<label>.*?\S)\s*[:=]?\s+(?P<score>\d?\.?\d+)")


class LabelsField(forms.CharField):
    """Labels with commas between them; other names of the same things are understood."""

    def prepare_value(self, value: object) -> object:
        """The stored list as people write it."""
        return ", ".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        """The list of labels, each once."""
        return list(dict.fromkeys(labels_of(parts(super().clean(value))).values()))

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether the text is another than that of the stored list."""
        return bool(super().has_changed(self.prepare_value(initial), data))


class ScoresField(forms.CharField):
    """Labels with their scores, with commas between them: `person 0.5, cat 0.7`."""

    def prepare_value(self, value: object) -> object:
        """The stored scores as people write them."""
        return ", ".join(f"{name} {score:g}" for name, score in value.items()) if isinstance(value, dict) else value

    def clean(self, value: Any) -> Any:
        """The scores by their labels."""
        found: dict[str, float] = {}
        for part in parts(super().clean(value)):
            match = LABEL_AND_SCORE.fullmatch(part)
            if not match or float(match["score"]) > 1:
                raise ValidationError(f"Write a label and a score from 0 to 1, such as person 0.5. This is not: {part}")
            found[match["label"]] = float(match["score"])
        return {label: found[name] for name, label in labels_of(found).items()}

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether the text is another than that of the stored scores."""
        return bool(super().has_changed(self.prepare_value(initial), data))


def parts(text: str) -> list[str]:
    """What stands between commas or in lines of its own."""
    return [part.strip() for part in re.split(r"[,\n]", text) if part.strip()]


def labels_of(names: Any) -> dict[str, str]:
    """The model's labels by the names that people wrote; raises `ValidationError` with those that mean none."""
    try:
        known = label_files.labels_of(environment.current().detector)
    except ModelProblem as problem:
        raise ValidationError(f"The labels of the model cannot be used: {problem}.") from None
    labels = {name: label_files.chosen_label(name, known) for name in names}
    if unknown := [name for name, label in labels.items() if label is None]:
        some = ", ".join(known[:5]) + (", …" if len(known) > 5 else "")
        raise ValidationError(
            f"Not among the {len(known)} objects that the model knows ({some}): {', '.join(unknown)}."
        )
    return {name: label for name, label in labels.items() if label}
