"""How good boxes are: average precision over IoU 0.50 to 0.95, as COCO's own evaluation computes it (pycocotools)."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from detections.detectors.labels import LABELS
from detections.picture import Box, Picture
from detections.quantizing.samples import pictures_in

TRUE_SCORE = 0.25
"""Boxes of f32 from this score on, which are those that are kept, are the truth for the agreement."""


class Object(NamedTuple):
    """A box of a label (its index) in a picture (any number), in pixels; a label file has no score."""

    picture: int
    label: int
    box: Box
    score: float = 1.0


def average_precision(found: Sequence[Object], truth: Sequence[Object]) -> float:
    """COCO's AP, the mean over the labels that the truth has; 0 to 1."""
    return _evaluate([(one.picture, one.label, one) for one in found], [(one.picture, one.label, one) for one in truth])


def agreement(found: Sequence[Object], reference: Sequence[Object]) -> float:
    """AP of `found` with the boxes of `reference` as the truth, all labels pooled, so that rare ones count for little.

    A box agrees only with one of its own label: each label of each picture is evaluated as a picture of its own.
    """
    truth = [one for one in reference if one.score >= TRUE_SCORE]
    place = {key: n for n, key in enumerate(sorted({(one.picture, one.label) for one in [*truth, *found]}))}
    return _evaluate(
        [(place[one.picture, one.label], 0, one) for one in found],
        [(place[one.picture, one.label], 0, one) for one in truth],
    )


def _evaluate(found: list[tuple[int, int, Object]], truth: list[tuple[int, int, Object]]) -> float:
    from pycocotools.coco import COCO
    from pycocotools.cocoeval import COCOeval

    if not truth:
        raise ValueError("there is no box to compare with")
    if not found:
        return 0.0
    pictures = {picture for picture, _, _ in [*found, *truth]}
    with contextlib.redirect_stdout(io.StringIO()):  # it prints each of its steps
        index = COCO()
        index.dataset = {
            "info": {},
            "images": [{"id": number} for number in sorted(pictures)],
            "categories": [{"id": number} for number in sorted({label for _, label, _ in truth})],
            "annotations": [_annotation(*one) | {"id": n} for n, one in enumerate(truth, start=1)],
        }
        index.createIndex()
        known = {label for _, label, _ in truth}
        given = [_annotation(*one) | {"score": one[2].score} for one in found if one[1] in known]
        if not given:
            return 0.0
        evaluation = COCOeval(index, index.loadRes(given), "bbox")
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
    return float(evaluation.stats[0])


def _annotation(picture: int, label: int, one: Object) -> dict[str, Any]:
    x1, y1, x2, y2 = one.box
    size = {"bbox": [x1, y1, x2 - x1, y2 - y1], "area": (x2 - x1) * (y2 - y1)}
    return {"image_id": picture, "category_id": label, "iscrowd": 0, **size}


def labelled(folder: Path) -> Iterator[tuple[Path, list[tuple[int, Box]]]]:
    """The pictures below `folder` and what their labels say; raises `ValueError` with one line.

    `images/NAME.jpg` with `labels/NAME.txt`, as YOLO's tools write it: a line for each object, with the index into
    COCO's 80 labels and the middle, width and height as fractions. A picture without such a file shows nothing.
    """
    pictures, labels = folder / "images", folder / "labels"
    if not pictures.is_dir() or not labels.is_dir():
        raise ValueError(f"{folder} wants the folders images and labels, with a .txt file for each picture")
    for path in pictures_in(pictures):
        file = labels / path.relative_to(pictures).with_suffix(".txt")
        picture = Picture.read(path)
        lines = file.read_text().splitlines() if file.exists() else []
        yield path, [_object(file, line, picture) for line in lines if line.strip()]


def _object(file: Path, line: str, picture: Picture) -> tuple[int, Box]:
    try:
        label, *place = line.split()
        x, y, wide, high = (float(part) for part in place)
        LABELS[int(label)]
    except (ValueError, IndexError):
        raise ValueError(f"{file}: {line!r} is not a label 0 to 79 and four fractions") from None
    edges = (x - wide / 2, y - high / 2, x + wide / 2, y + high / 2)
    size = (picture.width, picture.height) * 2
    x1, y1, x2, y2 = (edge * pixels for edge, pixels in zip(edges, size, strict=True))
    return int(label), (x1, y1, x2, y2)
