"""The pictures of the demo, on which models are tried."""

from __future__ import annotations

from detections.picture import Picture
from environment import BASE_DIR

FOLDER = BASE_DIR / "demo" / "pictures"


def demo_pictures() -> list[Picture]:
    """All of them, nothing decoded yet; raises `OSError` where they were removed."""
    return [Picture.read(file) for file in sorted(FOLDER.glob("*.jpg"))] or [Picture.read(FOLDER / "drive_0.jpg")]
