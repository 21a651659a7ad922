"""What stands in an imagenode.yaml, before it is written.

The keys and their meanings are those of imagenode's own documentation (docs/settings-yaml.rst of jeffbass/imagenode),
and, for the imagenode of 2025 and later, of its settings models.
"""

from __future__ import annotations

from dataclasses import dataclass, field

Corners = tuple[int, int, int, int]
"""Left, top, right and bottom in percent of the picture; imagenode counts pixels with them, so they are whole."""
WHOLE: Corners = (0, 0, 100, 100)
SIZE = (1280, 960)
"""Pixels. Plates need about 100 of them across; more is work for the Pi."""


@dataclass(frozen=True, slots=True)
class Detector:
    """One detector of a camera: `motion` or `light`, and the area that it watches."""

    kind: str = "motion"
    corners: Corners = WHOLE
    name: str = ""
    """The area's name; sent with each event where there is one."""
    drawn: bool = True
    """Whether the corners are known; an area that only its name is known of has still to be drawn."""


@dataclass(frozen=True, slots=True)
class CameraPlan:
    """One camera of a node; `usb` for a webcam, else the Pi's own camera."""

    view: str = ""
    size: tuple[int, int] = SIZE
    usb: bool = False
    detectors: tuple[Detector, ...] = (Detector(),)
    sent: bool = False
    """Whether the size is that of pictures which came; then it may be one that `resize_width` made."""


@dataclass(frozen=True, slots=True)
class SensorPlan:
    """One sensor: DS18B20, DHT11 or DHT22; `unit` is C or F."""

    type: str
    gpio: int = 4
    unit: str = "C"
    name: str = "Temperature"
    guessed: bool = False
    """Told from what was sent, which does not say the type or the pin."""


@dataclass(frozen=True, slots=True)
class NodePlan:
    """One Raspberry Pi."""

    name: str
    hub: str
    """imagenode's `hub_address`, such as tcp://garagepc:5555."""
    cameras: tuple[CameraPlan, ...] = ()
    sensors: tuple[SensorPlan, ...] = ()
    old: bool = False
    """For an imagenode from before 2025, which knows picamera and writes `send_frames` otherwise."""
    notes: tuple[str, ...] = field(default_factory=tuple)
    """What has to be known beside the settings, a line each."""
