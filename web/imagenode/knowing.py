"""What librarian knows of a node, as an imagenode.yaml would say it; and where the node should send to."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpRequest

import environment
from accounts.models import Person
from cameras.models import Camera, Event, Node
from web.hub import Hub, hub
from web.imagenode.plan import SIZE, WHOLE, CameraPlan, Corners, Detector, NodePlan, SensorPlan
from web.latest import latest_readings, with_latest_image

CURVE = "curve://"
EVENTS_LOOKED_AT = 500
"""Of each camera's newest events, for the kinds of its detectors and the names of their areas."""
KINDS = ("motion", "light")


def hub_for(request: HttpRequest) -> Hub:
    """Where a Pi sends to: this server as the browser reached it, and the receiver's port."""
    return hub(request.get_host(), environment.current().receiver_address)


def notes(node: Node | None = None) -> tuple[str, ...]:
    """What the receiver's settings ask of a Pi, a sentence each."""
    env = environment.current()
    found = []
    if env.receiver_allow:
        found.append(
            f"RECEIVER_ALLOW lets in only {', '.join(env.receiver_allow)}: the Pi's address has to be in there."
        )
        if node and node.ip and not allowed(node.ip, env.receiver_allow):
            found.append(f"{node.name} last told the address {node.ip}, which is not.")
    encrypted = [one for one in env.receiver_address if one.startswith(CURVE)]
    if encrypted:
        port = encrypted[0].rpartition(":")[2]
        must = len(encrypted) == len(env.receiver_address)
        found.append(
            f"Port {port} is encrypted (CURVE){' and the only one' if must else ''}: a Pi that uses it needs a key "
            "from manage.py curve_keys add and is started through with_curve.py, see docs/encryption.md."
        )
    return tuple(found)


def allowed(ip: str, networks: Iterable[str]) -> bool:
    """Whether an address is in one of the networks; one that is none is in none."""
    try:
        found = ipaddress.ip_address(ip.strip())
    except ValueError:
        return False
    return any(found in ipaddress.ip_network(one, strict=False) for one in networks)


def node_plan(request: HttpRequest, node: Node, usb: bool, old: bool) -> NodePlan:
    """The node with its cameras that are in use and its sensors; its first camera is the Pi's own unless `usb`."""
    cameras = Camera.objects.visible_to(request.user).filter(node=node, retired_at=None).order_by("pk")
    found = list(with_latest_image(cameras))
    plans = [camera_plan(one, usb or number > 0) for number, one in enumerate(found)]
    sensors, strange = sensor_plans(node, request.user)
    more = [f"It also sent {', '.join(strange)}: imagenode's own sensors are not these."] if strange else []
    address = hub_for(request).address
    return NodePlan(node.name, address, tuple(plans), sensors, old, (*notes(node), *more))


def camera_plan(camera: Camera, usb: bool) -> CameraPlan:
    """One camera as its pictures, events and settings tell it; read by `with_latest_image`."""
    size: tuple[Any, Any] = camera.latest_width, camera.latest_height  # type: ignore[attr-defined]  # annotated
    sent = all(size)
    return CameraPlan(camera.view, size if sent else SIZE, usb, tuple(detectors_of(camera)), sent)


def detectors_of(camera: Camera) -> list[Detector]:
    """A detector for each kind and area that the camera's events named; for each area that people drew as well."""
    events = Event.objects.filter(camera=camera, kind__in=KINDS).order_by("-at", "-pk")
    pairs = dict.fromkeys(events.values_list("kind", "roi")[:EVENTS_LOOKED_AT])
    drawn = {name: whole_corners(corners) for name, corners in camera.rois.items()}
    for name in drawn:
        if all(roi != name for _, roi in pairs):
            pairs[KINDS[0], name] = None
    if any(roi for _, roi in pairs):  # areas that have a name are what is watched now
        pairs = {pair: None for pair in pairs if pair[1]}
    wanted = sorted(pairs, key=lambda pair: (KINDS.index(pair[0]), pair[1])) or [(KINDS[0], "")]
    return [Detector(kind, drawn.get(roi, WHOLE), roi, not roi or roi in drawn) for kind, roi in wanted]


def whole_corners(corners: Sequence[Sequence[float]]) -> Corners:
    """Two corners in percent as imagenode wants them: whole, the left top one first."""
    (x1, y1), (x2, y2) = corners
    across, down = sorted((round(x1), round(x2))), sorted((round(y1), round(y2)))
    return across[0], down[0], across[1], down[1]


def sensor_plans(node: Node, user: Person) -> tuple[tuple[SensorPlan, ...], list[str]]:
    """imagenode's sensor that explains the node's readings, and the kinds of readings that none explains."""
    readings = latest_readings(Node.objects.filter(pk=node.pk), user).get(node.pk, [])
    kinds = {one.kind.lower(): one for one in readings}
    strange = [one.kind for one in readings if one.kind.lower() not in {"temp", "humidity"}]
    if "temp" not in kinds and "humidity" not in kinds:
        return (), strange
    unit = kinds["temp"].unit.upper() if "temp" in kinds and kinds["temp"].unit.upper() in {"C", "F"} else "C"
    if "humidity" in kinds:
        return (SensorPlan("DHT22", 18, unit, "Temperature and humidity", True),), strange
    return (SensorPlan("DS18B20", 4, unit, guessed=True),), strange
