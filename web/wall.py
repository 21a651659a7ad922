"""What the live wall shows: the latest picture of every camera marked display, and cameras that send all the time."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Person
from cameras.models import Camera
from cameras.services import names
from ingest import live
from ingest.live import Shown
from web.ages import age
from web.choices import Choice
from web.latest import with_latest_image

SIZES = {"fit": "Fit", "small": "Small", "medium": "Medium", "large": "Large"}
"""How large tiles are, in words; `fit` has all of them on one screen."""
COOKIE = "wall"
KEPT = re.compile(r"([a-z]{1,10})((?:\.[0-9]{1,9}){0,200})", re.ASCII)
STALE_SECONDS = 3600
"""A picture older than this is marked. Cameras that wait for motion may be quiet for long, so that it is no alarm."""
THUMBNAIL_WIDTH = 400


@dataclass(frozen=True, slots=True)
class Tile:
    """One camera as the wall shows it, and as its script is told of it."""

    camera: int
    title: str
    url: str
    at: str
    """When its picture came, ISO 8601; empty where there never was one."""
    picture: str
    """The address of the picture as stored, or of the newest of a stream; empty: the test card."""
    thumbnail: str
    width: int
    live: bool
    """Whether it sends all the time just now."""
    stale: bool
    silent: bool
    """Whether nothing comes from its node any more."""
    age: str
    note: str
    """What the test card says, where it is shown."""


@dataclass(frozen=True, slots=True)
class Look:
    """What this browser was told to remember: the size of tiles, and which cameras are enlarged."""

    size: str = "fit"
    large: frozenset[int] = frozenset()

    def __str__(self) -> str:
        return ".".join([self.size, *map(str, sorted(self.large))])


def look(request: HttpRequest) -> Look:
    """What the browser remembers; the address may name another size. What cannot be read counts as nothing."""
    match = KEPT.fullmatch(request.COOKIES.get(COOKIE, ""))
    size, large = (match[1], frozenset(map(int, match[2].split(".")[1:]))) if match else ("", frozenset())
    asked = request.GET.get("size", "")
    size = next((one for one in (asked, size) if one in SIZES), Look().size)
    return Look(size, large)


def size_choices(chosen: Look) -> list[Choice]:
    """The sizes to choose from."""
    return [Choice(size, text, size == chosen.size) for size, text in SIZES.items()]


def tiles(user: Person, streams: dict[int, Shown]) -> list[Tile]:
    """The wall of this person: cameras marked display that are in use, by name."""
    shown = Camera.objects.visible_to(user).filter(display=True, retired_at=None).select_related("node")
    return [tile(camera, streams.get(camera.pk)) for camera in with_latest_image(shown)]


def streams() -> dict[int, Shown]:
    """What cameras send just now without its being kept, by the camera's number. Raises `redis.RedisError`.

    It asks the receivers to go on. The result is for every camera: `tiles` takes of it what a person may see.
    """
    live.watch()
    shown = [one for one in live.shown() if one.kind == live.CAMERA and not one.problem]
    if not shown:
        return {}
    cameras = {(node, view): camera.pk for node, view, camera in names()}
    known = ((cameras.get((one.node, one.view)), one) for one in shown)
    return {number: one for number, one in sorted(known, key=lambda pair: pair[1].at) if number is not None}


def tile(camera: Camera, stream: Shown | None) -> Tile:
    """A camera with `latest_…` of `with_latest_image`; what it sends just now, where that is newer."""
    latest_at = getattr(camera, "latest_at", None)
    if stream and latest_at and stream.at < latest_at:
        stream = None
    at = stream.at if stream else latest_at
    readable = bool(getattr(camera, "latest_width", 0))
    stored = getattr(camera, "latest_id", None) if readable and not stream else None
    picture = thumbnail = ""
    if stream:
        address = reverse("web:live_picture", args=[stream.receiver, stream.slot])
        picture = f"{address}?number={stream.number}"
    elif stored:
        picture, thumbnail = reverse("web:file", args=[stored]), reverse("web:thumbnail", args=[stored])
    passed = (timezone.now() - at).total_seconds() if at else 0
    return Tile(
        camera=camera.pk,
        title=str(camera),
        url=reverse("web:camera", args=[camera.pk]),
        at=at.isoformat() if at else "",
        picture=picture,
        thumbnail=thumbnail,
        width=getattr(camera, "latest_width", 0) if stored else 0,
        live=bool(stream),
        stale=not stream and passed > STALE_SECONDS,
        silent=camera.node.silent_since is not None,
        age=age(passed) if at else "",
        note="" if picture else "The latest picture cannot be read" if at else "No picture yet",
    )
