"""Pictures to make INT8 from, and others to compare it with f32 on, as the network takes them: 300x300 BGR."""

from __future__ import annotations

import itertools
import random
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from detections.detectors.ssd import SIDE, network_input
from detections.picture import Picture, Pixels, UnreadablePicture
from environment import BASE_DIR

SAMPLES = BASE_DIR / "demo" / "pictures"
LEAST_OWN = 30
"""With fewer pictures of one's own the sample pictures serve instead."""
HELD_OUT = 3
"""Every third picture is for the comparison."""
CANDIDATES = 5000
"""The newest so many pictures are chosen among."""
VARIATIONS = 20
"""Of each sample picture: nine pictures alone show the network too little of what there is."""
NAMED = re.compile(r"(?P<camera>.+)-\d{4}-\d\d-\d\dT(?P<hour>\d\d)\.")
"""How the receiver names pictures; see receiver/store.py."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """Two lists of files without a common one, and where they came from, for people."""

    made_from: list[Path]
    compared: list[Path]
    source: str


def choose(images: Path, count: int, folder: Path | None = None) -> Chosen:
    """At most `count` pictures: those in `folder` if it is given, else the newest in `images`, a folder a day.

    None where `images` has too few; raises `ValueError` with one line where `folder` has.
    """
    if folder:
        found = list(pictures_in(folder))
        if len(found) < LEAST_OWN:
            raise ValueError(f"{folder} has {len(found)} JPEG pictures, at least {LEAST_OWN} are wanted")
        return _split(spread(found, count), str(folder))
    own = spread(list(itertools.islice(newest(images), CANDIDATES)), count)
    return (
        _split(own, f"the newest pictures in {images}")
        if len(own) >= LEAST_OWN
        else Chosen([], [], "the sample pictures")
    )


def of_samples() -> Chosen:
    """The sample pictures, which always help: what cameras do not show today they may show tomorrow."""
    return _split(list(SAMPLES.glob("*.jpg")), "the sample pictures")


def pictures_in(folder: Path) -> Iterator[Path]:
    """The JPEG files in a folder and those below it, in the order of their names."""
    return (path for path in sorted(folder.rglob("*")) if path.suffix.lower() in {".jpg", ".jpeg"})


def newest(images: Path) -> Iterator[Path]:
    """The pictures of the folder of images, the newest day first and in it the newest file first."""
    days = sorted((day for day in images.glob("*") if day.is_dir()), reverse=True)
    for day in days:
        yield from sorted(day.glob("*.jpg"), key=lambda path: path.stat().st_mtime, reverse=True)


def spread(paths: Sequence[Path], count: int) -> list[Path]:
    """At most `count` of the paths, in turn from each camera and hour of the day that there is; the first of each."""
    groups: dict[tuple[str, str], list[Path]] = defaultdict(list)
    for path in paths:
        named = NAMED.match(path.name)
        groups[(named["camera"], named["hour"]) if named else ("", "")].append(path)
    turns = itertools.zip_longest(*groups.values())
    return list(itertools.islice((path for turn in turns for path in turn if path), count))


def _split(paths: list[Path], source: str) -> Chosen:
    compared = sorted(paths)[::HELD_OUT]
    return Chosen([path for path in sorted(paths) if path not in set(compared)], compared, source)


def inputs(paths: Iterable[Path]) -> Iterator[Pixels]:
    """What the network gets of each picture that can be read."""
    for path in paths:
        try:
            yield network_input(Picture.read(path))
        except (OSError, UnreadablePicture):
            continue  # one of many; the stages say so of every one of them


def varied(paths: Iterable[Path]) -> Iterator[Pixels]:
    """What it gets of each picture and of its variations."""
    chance = random.Random(1)  # noqa: S311  the same pictures give the same network
    for path in paths:
        picture = Picture.read(path)
        yield network_input(picture)
        yield from (variation(picture.full(), chance) for _ in range(VARIATIONS))


def variation(pixels: Pixels, chance: random.Random) -> Pixels:
    """A part of the picture, brighter or darker, every second one mirrored."""
    height, width = pixels.shape[:2]
    part = chance.uniform(0.2, 1.0)
    high, wide = int(height * part), int(width * part)
    top, left = chance.randint(0, height - high), chance.randint(0, width - wide)
    small = cv2.resize(pixels[top : top + high, left : left + wide], (SIDE, SIDE), interpolation=cv2.INTER_LINEAR)
    if chance.random() < 0.5:
        small = small[:, ::-1]
    lit = small.astype(np.float32) * chance.uniform(0.4, 1.5) + chance.uniform(-30, 30)
    return np.ascontiguousarray(lit.clip(0, 255).astype(np.uint8))
