"""What the classes of a model are called: COCO's 80, unless a text file beside it says otherwise.

Imports nothing heavy: pages and commands ask too, without loading a model.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from detections.detectors.labels import LABELS, standard
from detections.modelfiles import ModelProblem
from environment import is_onnx_file

LONGEST = 32
"""Characters; what the column of labels in the database has room for."""
SHARED = "labels.txt"


def labels_of(detector: str) -> tuple[str, ...]:
    """The labels that a value of DETECTOR gives, in the order of its classes; raises `ModelProblem` for a bad file."""
    file = label_file(Path(detector)) if is_onnx_file(detector) else None
    return read_labels(file) if file else LABELS


def label_file(model: Path) -> Path | None:
    """The text file that names a model's classes: of the model's own name, else labels.txt in its folder."""
    files = (model.with_suffix(".txt"), model.with_name(SHARED))
    return next((file for file in files if file.is_file()), None)


def read_labels(file: Path) -> tuple[str, ...]:
    """The labels in a text file, one a line; known other names of COCO's things become COCO's.

    Raises `ModelProblem` for one that cannot be used: empty, too long, there twice, or with a comma, which parts labels
    in forms.
    """
    try:
        lines = file.read_text("utf-8-sig").rstrip().splitlines()
    except (OSError, UnicodeDecodeError) as problem:
        raise ModelProblem(f"{file} cannot be read ({problem}): it wants one label a line, in UTF-8") from None
    labels: dict[str, int] = {}
    for number, line in enumerate(lines, start=1):
        label = standard(line) or " ".join(line.split())
        before = labels.get(label.casefold())
        if wrong := _wrong(label, before):
            raise ModelProblem(f"{file}, line {number}: {wrong}")
        labels[label.casefold()] = number
    return tuple(standard(line) or " ".join(line.split()) for line in lines)


def _wrong(label: str, before: int | None) -> str:
    """What keeps a label from being used, or nothing."""
    if not label:
        return "it is empty; write one label a line"
    if len(label) > LONGEST:
        return f"“{label}” has {len(label)} characters, labels have {LONGEST} at most; write a shorter one"
    if "," in label:
        return f"“{label}” has a comma; write it without, one label a line"
    if before is not None:
        return f"“{label}” is on line {before} already; every class needs a label of its own"
    return ""


def labels_for(model: Path, classes: int | None, own: bool) -> tuple[str, ...]:
    """The labels of a model that knows so many classes (None: it does not tell), COCO's for one that is not the user's.

    Raises `ModelProblem` where their number is another.
    """
    file = label_file(model) if own else None
    labels = read_labels(file) if file else LABELS
    if classes in (None, len(labels)):
        return labels
    if file is None:
        raise ModelProblem(
            f"{model} knows {classes} classes, not the {len(LABELS)} of COCO: "
            f"write their names to {model.with_suffix('.txt')}, one a line"
        )
    raise ModelProblem(f"{file} has {len(labels)} labels, but {model.name} knows {classes} classes: one a line each")


def chosen_label(name: str, labels: Sequence[str]) -> str | None:
    """The one of the labels that a person means by a name, in any case, or None."""
    label = standard(name)
    if label in labels:
        return label
    plain = " ".join(name.split()).casefold()
    return next((one for one in labels if one.casefold() == plain), None)
