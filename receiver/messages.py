"""From the frames of a request to a typed message, or to the reason why it is refused. Knows no socket."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NoReturn, TypeAlias

from receiver.jpeg import claimed_size
from receiver.names import clean, fits, split_name

Payload: TypeAlias = bytes | memoryview

MOST_HEADER = 4 * 1024
MOST_EVENT_PAYLOAD = 64 * 1024
MOST_TEXT = 1024
MOST_KIND = 64
MOST_FIELD = 255
MOST_SIDE = 65_500  # pixels; what a JPEG can hold
MOST_PIXELS = 100_000_000
"""Of one picture; more than any camera of today sends. What claims more would cost a worker 300 MB to decode."""
PICTURE_KINDS = ("jpg", "image")
HEARTBEAT_KIND = "Heartbeat"
CHANNELS = (1, 3, 4)


class Refused(Exception):
    """A message that is not taken; its text is one of a few fixed reasons, fit to be counted and sent back."""

    node = ""
    """Who sent it, as far as the message says so."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture to keep. `shape` is None for JPEG bytes, else (height, width, channels) of 8-bit grey, BGR or BGRA."""

    node: str
    view: str
    text: str
    data: Payload
    shape: tuple[int, int, int] | None


@dataclass(frozen=True, slots=True)
class Event:
    """What a node reported: `kind` is the second field, `fields` those after it."""

    node: str
    view: str
    text: str
    kind: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """A sign of life, never stored."""

    node: str


@dataclass(frozen=True, slots=True)
class Tuning:
    """A picture for whoever adjusts a detector, never stored; `shape` as of `Picture`."""

    text: str
    data: Payload
    shape: tuple[int, int, int] | None


Message: TypeAlias = Picture | Event | Heartbeat | Tuning


def parse(frames: Sequence[Payload]) -> Message:
    """The message in the frames that follow the delimiter; raises `Refused` with the first thing that is wrong."""
    if len(frames) != 2:
        raise Refused("not two frames")
    header = read_header(frames[0])
    text = header["msg"]
    if len(text) > MOST_TEXT:
        raise Refused("text too long")
    fields = clean(text).split("|")
    if len(fields) == 1:
        return Tuning(fields[0], frames[1], picture_shape(header, frames[1]))
    node, view = split_name(fields[0])
    if not fits(node, view):
        raise Refused("node or view name empty or too long")
    try:
        return _from_node(node, view, fields, header, frames[1])
    except Refused as refusal:
        refusal.node = node
        raise


def _from_node(node: str, view: str, fields: list[str], header: dict[str, Any], data: Payload) -> Message:
    if fields[1] in PICTURE_KINDS:
        return Picture(node, view, "|".join(fields), data, picture_shape(header, data))
    if len(data) > MOST_EVENT_PAYLOAD:
        raise Refused("event with too large a second frame")
    if fields[1] == HEARTBEAT_KIND:
        return Heartbeat(node)
    rest = tuple(field[:MOST_FIELD] for field in fields[2:])
    return Event(node, view, "|".join(fields), fields[1][:MOST_KIND], rest)


def read_header(frame: Payload) -> dict[str, Any]:
    """The first frame's JSON object, which holds a string `msg`."""
    if len(frame) > MOST_HEADER:
        raise Refused("header too large")
    try:
        header = _decode(str(frame, "utf-8"))
    except (ValueError, RecursionError):
        raise Refused("header is not JSON") from None
    if not isinstance(header, dict):
        raise Refused("header is not an object")
    if not isinstance(header.get("msg"), str):
        raise Refused("no text in the header")
    return header


def picture_shape(header: dict[str, Any], data: Payload) -> tuple[int, int, int] | None:
    """None for a JPEG, (height, width, channels) for a raw picture whose shape and length agree."""
    if "dtype" not in header:
        _check_jpeg(data)
        return None
    if header["dtype"] != "uint8":
        raise Refused("dtype is not uint8")
    sides = header.get("shape")
    if not isinstance(sides, list) or not all(type(side) is int and 0 < side <= MOST_SIDE for side in sides):
        raise Refused("shape is not a list of positive numbers")
    if len(sides) == 2:
        sides = [*sides, 1]
    if len(sides) != 3 or sides[2] not in CHANNELS:
        raise Refused("shape is not that of a picture")
    if math.prod(sides) != len(data):
        raise Refused("shape and length differ")
    _check_pixels(sides[1], sides[0])
    return sides[0], sides[1], sides[2]


def _check_jpeg(data: Payload) -> None:
    """A JPEG that ends before its size is known is kept, as every cut one is; the index marks it."""
    try:
        size = claimed_size(data)
    except ValueError as problem:
        raise Refused(str(problem)) from None
    if size:
        _check_pixels(*size)


def _check_pixels(width: int, height: int) -> None:
    if width * height > MOST_PIXELS:
        raise Refused("too many pixels")


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


_decode = json.JSONDecoder(parse_constant=_no_constant).decode
