"""Boxes as SVG wants them: numbers as text, whatever the locale, and inside the picture."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from django.utils.safestring import SafeString, mark_safe

from cameras.models import Image
from detections.grouping import FAMILIES, things
from detections.models import Detection

Box = tuple[float, float, float, float]

KINDS = {"person": "person", **FAMILIES}
"""Which of the few colours a COCO label is drawn in; everything else is a thing."""

LETTER = 0.62
"""Width of a letter of a monospaced face, in parts of its size."""

ENLARGED = 2.2
"""How much larger the style sheet draws tags on a small screen."""


def kind_of(label: str) -> str:
    """The kind of thing that a label names: person, vehicle, animal or thing."""
    return KINDS.get(label, "thing")


@dataclass(frozen=True, slots=True)
class Outline:
    """A rectangle in the pixels of the picture, with the tag that names it."""

    x: str
    y: str
    width: str
    height: str
    kind: str
    text: str
    tag: Tag


@dataclass(frozen=True, slots=True)
class Tag:
    """The label of an outline: a filled strip above the box, or inside it where the picture ends."""

    x: str
    y: str
    width: str
    height: str
    size: str
    text_x: str
    text_y: str
    text_width: str
    grows: str
    """Classes that say which way there is room, for small screens, where tags are drawn larger."""


def outlines(image: Image, found: Iterable[Detection], plates: Sequence[tuple[Box, str]]) -> list[Outline]:
    """What to draw over a picture, each thing once, the best and the plates last so that they lie on top.

    Nothing where the picture's size is not known. `found` and `plates`, boxes with texts, are in order, the best first.
    """
    if not image.width or not image.height:
        return []
    drawn = [
        outline(image, one.best.box, kind_of(one.best.label), f"{one.name} {percent(one.best.confidence)}")
        for one in things(found)
    ]
    return drawn[::-1] + [outline(image, box, "plate", text) for box, text in reversed(plates)]


def outline(image: Image, box: Box, kind: str, text: str) -> Outline:
    """One box of a picture whose size is known."""
    x1, x2 = (min(max(edge, 0.0), image.width) for edge in (box[0], box[2]))
    y1, y2 = (min(max(edge, 0.0), image.height) for edge in (box[1], box[3]))
    width, height = max(x2 - x1, 1.0), max(y2 - y1, 1.0)
    return Outline(
        _text(x1), _text(y1), _text(width), _text(height), kind, text, _tag(image, (x1, y1, x2, y2), kind, text)
    )


def overlay(image: Image, drawn: Sequence[Outline]) -> SafeString:
    """The boxes with their tags as SVG, to be laid over the picture; nothing where there are none.

    Written here rather than in a template, which would have eighteen places to fill for every box.
    """
    if not drawn:
        return SafeString("")
    facts = f'viewBox="0 0 {image.width} {image.height}" preserveAspectRatio="xMidYMid meet"'
    parts = [*map(_box_svg, drawn), *map(_tag_svg, drawn)]
    hidden = 'aria-hidden="true" focusable="false"'
    svg = f'<svg class="overlay" {facts} {hidden}>{"".join(parts)}</svg>'
    return mark_safe(svg)  # noqa: S308  the one text in it was escaped


def _box_svg(one: Outline) -> str:
    return f'<rect class="box box-{one.kind}" x="{one.x}" y="{one.y}" width="{one.width}" height="{one.height}"/>'


def _tag_svg(one: Outline) -> str:
    tag = one.tag
    place = f'x="{tag.text_x}" y="{tag.text_y}" font-size="{tag.size}" textLength="{tag.text_width}"'
    return (
        f'<g class="tag tag-{one.kind} {tag.grows}">'
        f'<rect x="{tag.x}" y="{tag.y}" width="{tag.width}" height="{tag.height}"/>'
        f'<text {place} lengthAdjust="spacingAndGlyphs">{escape(one.text)}</text></g>'
    )


def percent(share: float) -> str:
    """A share of one as people read it."""
    return f"{round(share * 100)}%"


def _tag(image: Image, box: Box, kind: str, text: str) -> Tag:
    size = image.width / 60
    height = size * 1.5
    text_width = len(text) * size * LETTER
    width = text_width + size * 0.9
    x = max(min(box[0], image.width - width), 0)
    # A plate's box lies inside a vehicle's, whose tag is above it, so that a plate's own goes below.
    down = kind == "plate" or box[1] < height * ENLARGED
    y = box[3] if kind == "plate" else box[1] - height
    y = max(min(y, image.height - height), 0)
    down = down and y + height * ENLARGED <= image.height
    return Tag(
        x=_text(x),
        y=_text(y),
        width=_text(width),
        height=_text(height),
        size=_text(size),
        text_x=_text(x + size * 0.45),
        text_y=_text(y + height * 0.71),
        text_width=_text(text_width),
        grows=f"grows-{'down' if down else 'up'} from-{_origin(x, width, image.width)}",
    )


def _origin(x: float, width: float, room: float) -> int:
    """From where a tag grows so that it stays in the picture, give or take a pixel, in percent of its width.

    From its left edge if it can, and if there is no way.
    """
    longer = width * (ENLARGED - 1)
    fits = (
        part
        for part in (0, 25, 50, 75, 100)
        if part * longer <= x * 100 and x + width + longer * (1 - part / 100) <= room + 1
    )
    return next(fits, 0)


def _text(figure: float) -> str:
    return f"{figure:.1f}"
