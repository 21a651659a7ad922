"""imagenode.yaml as text: YAML 1.1 as PyYAML reads it, with comments for what a person has to choose."""

from __future__ import annotations

import re
from collections.abc import Iterator

from web.imagenode.plan import CameraPlan, Detector, NodePlan, SensorPlan

PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_./-]*( [A-Za-z0-9_./-]+)*")
"""Texts that YAML takes as they stand, but for its own words."""
HUB = re.compile(r"tcp://[A-Za-z0-9.-]+:\d+")
WORDS = {"y", "n", "yes", "no", "on", "off", "true", "false", "null"}
ESCAPES = {'"': '\\"', "\\": "\\\\"}


def text_of(plan: NodePlan) -> str:
    """The whole file."""
    return "\n".join([*head(plan), *node(plan), *cameras(plan), *sensors(plan)]) + "\n"


def scalar(text: str) -> str:
    """A text as a value: plain where YAML takes it as it is, else in double quotes."""
    if PLAIN.fullmatch(text) and text.lower() not in WORDS:
        return text
    return '"' + "".join(escaped(letter) for letter in text) + '"'


def escaped(letter: str) -> str:
    """A letter between double quotes; what does not print is written by its number."""
    if letter in ESCAPES:
        return ESCAPES[letter]
    return letter if letter.isprintable() else f"\\U{ord(letter):08x}"


def comment(text: str) -> str:
    """A line that imagenode does not read; what was sent cannot end it."""
    return "# " + "".join(letter if letter.isprintable() else " " for letter in text)


def head(plan: NodePlan) -> Iterator[str]:
    """What a person has to know."""
    yield comment(f"imagenode.yaml of the node {plan.name}, made by librarian.")
    yield comment("Save it in the home folder of the user that runs imagenode, then start imagenode again.")
    made = "from before 2025 (picamera)" if plan.old else "of 2025 or later (picamera2)"
    yield comment(f"For an imagenode {made}.")
    yield from map(comment, plan.notes)


def node(plan: NodePlan) -> Iterator[str]:
    """The node itself, and where it sends to."""
    yield from ("node:", f"  name: {scalar(plan.name)}")
    yield "  heartbeat: 5          # minutes; so that a quiet node is known to be alive"
    yield "  patience: 10          # seconds without an answer, then imagenode ends to be started again"
    yield "  send_type: jpg        # image: not compressed, ten times the traffic"
    yield "  print_settings: False"
    yield from ("hub_address:", f"  H1: {plan.hub if HUB.fullmatch(plan.hub) else scalar(plan.hub)}")


def cameras(plan: NodePlan) -> Iterator[str]:
    """All cameras; the Pi's own are P1, P2…, webcams W1, W2…"""
    if plan.cameras:
        yield "cameras:"
    counts = {False: 0, True: 0}
    for one in plan.cameras:
        counts[one.usb] += 1
        yield from camera(one, counts[one.usb], plan.old)


def camera(plan: CameraPlan, number: int, old: bool) -> Iterator[str]:
    """One camera."""
    width, height = plan.size
    yield f"  {'W' if plan.usb else 'P'}{number}:                   # P: camera of the Pi, W: USB camera"
    if plan.view:
        yield f"    viewname: {scalar(plan.view)}"
    came = "as its pictures came; larger if resize_width makes them smaller" if plan.sent else "pixels"
    yield f"    {'resolution' if old else 'size'}: ({width}, {height})  # {came}"
    yield "    framerate: 8"
    yield "    vflip: False          # True: the camera hangs upside down"
    if plan.usb:
        yield f"    src: {number - 1}"
    elif old:
        yield "    exposure_mode: sports # short, so that what moves is not blurred"
    else:
        yield "    # exposure_time: 2000 # microseconds; short, so that what moves is not blurred"
    yield from detectors(plan.detectors, old)


def detectors(found: tuple[Detector, ...], old: bool) -> Iterator[str]:
    """All detectors of a camera: by name, or as a list where several are of one kind."""
    if not found:
        return
    yield "    detectors:"
    several = len({one.kind for one in found}) < len(found)
    for one in found:
        yield f"      {'- ' if several else ''}{one.kind}:"
        indent = " " * (10 if several else 8)
        yield from (indent + line for line in detector(one, old))


def detector(one: Detector, old: bool) -> Iterator[str]:
    """The settings of one detector."""
    left, top, right, bottom = one.corners
    hint = "percent: left top, right bottom" if one.drawn else "to be chosen: left top, right bottom in percent"
    yield f"ROI: ({left},{top}),({right},{bottom})  # {hint}"
    if one.name:
        yield from (f"roi_name: {scalar(one.name)}", "log_roi_name: True    # sent with each event")
    yield f"send_frames: {'detected event' if old else 'event'}  # a burst at each change; none: events only"
    yield "send_count: 8         # pictures of a burst"
    yield "send_test_images: False  # True while tuning: shown on the page Live, stored nowhere"
    if one.kind == "light":
        yield from ("threshold: 50         # 0 to 255; from here on it is lighted", "min_frames: 5")
        return
    yield "delta_threshold: 5    # smaller: notices smaller differences"
    yield from ("min_motion_frames: 5", "min_still_frames: 5")
    yield "min_area: 3           # percent of the area that has to change"
    if old:
        yield "blur_kernel_size: 15"


def sensors(plan: NodePlan) -> Iterator[str]:
    """All sensors."""
    if plan.sensors:
        yield "sensors:"
    for number, one in enumerate(plan.sensors, 1):
        yield from sensor(one, number)


def sensor(one: SensorPlan, number: int) -> Iterator[str]:
    """One sensor."""
    yield from (f"  T{number}:", f"    name: {scalar(one.name)}")
    other = "DHT22 or DHT11" if one.type.startswith("DHT") else "or DHT22, DHT11 that also measure humidity"
    yield f"    type: {one.type}" + (f"         # check: {other}" if one.guessed else "")
    pin = "the pin that it is wired to" if one.type.startswith("DHT") else "a DS18B20 works at pin 4 only"
    yield f"    gpio: {one.gpio}               # {pin}"
    yield f"    unit: {one.unit}"
    yield "    read_interval_minutes: 10"
    yield "    min_difference: 1     # sent when it has changed by so much"
