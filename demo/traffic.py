"""Sample traffic, sent with the real imagezmq as imagenode sends it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import imagezmq
import numpy as np

from demo.fixture import Fixture, SampleCamera
from detections.picture import Picture

PAUSE = 0.3
"""Seconds between two pictures of a burst, about as imagenode sends them."""
BLANK = np.zeros((3, 3, 3), dtype=np.uint8)
"""imagenode's second frame of an event: a tiny blank picture."""


def play(address: str, fixture: Fixture) -> Iterator[str]:
    """Send everything, one line of text for each message that was acknowledged; raise `RuntimeError` on a refusal."""
    for number, camera in enumerate(fixture.cameras):
        # The second camera sends raw pictures, as nodes with `send_type: image` do.
        yield from drive_by(address, camera, raw=number % 2 == 1)


def drive_by(address: str, camera: SampleCamera, raw: bool) -> Iterator[str]:
    """One node starting, then one burst of one camera, as when a car drives past."""
    node = camera.name.partition(" ")[0]
    with imagezmq.ImageSender(connect_to=address) as sender:
        for text in (f"{node}|Restart|{node}pi|Linux 6.12|192.168.1.20|3796|0.1", f"{node}|Heartbeat"):
            yield send_text(sender, text)
        yield send_text(sender, f"{node}|Temp|21.5 C")
        yield send_text(sender, f"{camera.name}|motion|moving|")
        for picture in camera.pictures:
            yield send_picture(sender, camera.name, picture, raw)
            time.sleep(PAUSE)
        yield send_text(sender, f"{camera.name}|motion|still|")


def send_text(sender: imagezmq.ImageSender, text: str) -> str:
    """Send an event the way imagenode does, with a tiny picture that nobody keeps."""
    return acknowledged(text, sender.send_image(text, BLANK))


def send_picture(sender: imagezmq.ImageSender, camera: str, picture: Path, raw: bool) -> str:
    """Send one picture as JPEG, or decoded."""
    data = picture.read_bytes()
    if raw:
        return acknowledged(
            f"{camera}|image ({picture.name})", sender.send_image(f"{camera}|image", Picture(data).full())
        )
    return acknowledged(f"{camera}|jpg ({picture.name})", sender.send_jpg(f"{camera}|jpg", data))


def acknowledged(text: str, reply: bytes) -> str:
    """The text, once the hub has said that it is kept."""
    if reply != b"OK":
        raise RuntimeError(f"the hub answered {reply!r} to {text}")
    return text
