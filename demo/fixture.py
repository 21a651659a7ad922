"""What the sample traffic is and what must be found in it, read from `expected.json` beside the pictures."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class SampleCamera:
    """One camera of the sample traffic: `name` is imagenode's "Node View"."""

    name: str
    pictures: tuple[Path, ...]
    label: str
    plate: str


@dataclass(frozen=True, slots=True)
class Fixture:
    """The whole sample traffic; `events` counts by kind."""

    cameras: tuple[SampleCamera, ...]
    events: dict[str, int]
    heartbeats: int

    @property
    def images(self) -> int:
        """How many pictures are sent."""
        return sum(len(camera.pictures) for camera in self.cameras)


def read_fixture(folder: Path) -> Fixture:
    """The fixture of a folder of pictures; raises `OSError`, `ValueError` or `KeyError`."""
    written = json.loads((folder / "expected.json").read_text())
    cameras = tuple(
        SampleCamera(name, tuple(folder / picture for picture in camera["pictures"]), camera["label"], camera["plate"])
        for name, camera in written["cameras"].items()
    )
    return Fixture(cameras, written["events"], written["heartbeats"])
