"""imagenode.yaml as librarian writes it, read back as imagenode reads it."""

from __future__ import annotations

from ast import literal_eval
from collections.abc import Callable
from typing import Any

import pytest
import yaml
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import environment
from cameras.models import Camera, Node
from tests.web.making import make_camera, make_event, make_image, text_of
from web.imagenode.plan import CameraPlan, Detector, NodePlan, SensorPlan
from web.imagenode.writing import scalar
from web.imagenode.writing import text_of as written

# The keys that imagenode documents (docs/settings-yaml.rst), and those of the settings models of 2025.
NODE = {"name", "heartbeat", "patience", "REP_watcher", "stall_watcher", "send_threading", "queuemax"}
NODE |= {"print_settings", "send_type"}
CAMERA = {"viewname", "size", "framerate", "src", "detectors", "auto_exposure", "vflip", "exposure_time", "analog_gain"}
OLD_CAMERA = {
    "viewname",
    "resolution",
    "framerate",
    "src",
    "detectors",
    "vflip",
    "resize_width",
    "exposure_mode",
    "iso",
}
OLD_CAMERA |= {"shutter_speed", "threaded_read"}
DETECTOR = {"ROI", "roi_name", "log_roi_name", "threshold", "percent", "min_frames", "send_frames", "send_count"}
DETECTOR |= {"send_test_images", "delta_threshold", "min_motion_frames", "min_still_frames", "min_area"}
OLD_DETECTOR = DETECTOR | {"draw_roi", "blur_kernel_size"}
RELAXED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # the machine may be busy
SENSOR = {"name", "type", "gpio", "unit", "read_interval_minutes", "min_difference"}


def read(text: str) -> dict[str, Any]:
    """The file as imagenode takes it; fails at what imagenode does not know or cannot use."""
    found: dict[str, Any] = yaml.safe_load(text)
    assert set(found) <= {"node", "hub_address", "cameras", "sensors"}
    assert set(found["node"]) <= NODE and isinstance(found["node"]["name"], str)
    assert found["hub_address"]["H1"].startswith("tcp://")
    for label, camera in found.get("cameras", {}).items():
        old = "resolution" in camera
        assert label[0] in "PW" and label[1:].isdigit()
        assert set(camera) <= (OLD_CAMERA if old else CAMERA)
        width, height = literal_eval(camera["resolution" if old else "size"])
        assert width > 0 and height > 0
        for kind, detector in each(camera.get("detectors", {})):
            assert kind in {"motion", "light"} and set(detector) <= (OLD_DETECTOR if old else DETECTOR)
            (x1, y1), (x2, y2) = literal_eval(detector["ROI"])
            assert 0 <= x1 < x2 <= 100 and 0 <= y1 < y2 <= 100
            assert all(isinstance(one, int) for one in (x1, y1, x2, y2)), "imagenode counts pixels with them"
            assert detector["send_frames"] == ("detected event" if old else "event")
            assert detector["send_test_images"] is False
    for sensor in found.get("sensors", {}).values():
        assert set(sensor) <= SENSOR and sensor["type"] in {"DS18B20", "DHT11", "DHT22"}
        assert sensor["unit"] in {"C", "F"} and isinstance(sensor["gpio"], int)
    return found


def each(detectors: Any) -> list[tuple[str, dict[str, Any]]]:
    """imagenode takes one mapping, or a list of such."""
    mappings = detectors if isinstance(detectors, list) else [detectors]
    return [pair for one in mappings for pair in one.items()]


@RELAXED
@given(st.text())
def test_every_text_comes_back_as_it_was(text: str) -> None:
    assert yaml.safe_load(f"name: {scalar(text)}")["name"] == text


@RELAXED
@given(name=st.text(min_size=1), view=st.text(), note=st.text(), area=st.text(min_size=1), old=st.booleans())
def test_whatever_a_node_is_called_the_file_can_be_read(name: str, view: str, note: str, area: str, old: bool) -> None:
    camera = CameraPlan(view, (640, 480), False, (Detector("motion", (1, 2, 3, 4), area), Detector("motion")))
    sensors = (SensorPlan("DHT22", 18, "F", name),)
    found = read(written(NodePlan(name, "tcp://hub:5555", (camera, CameraPlan(usb=True)), sensors, old, (note,))))
    assert found["node"]["name"] == name
    assert found["cameras"]["P1"].get("viewname", "") == view
    assert [one.get("roi_name") for _, one in each(found["cameras"]["P1"]["detectors"])] == [area, None]
    assert set(found["cameras"]) == {"P1", "W1"} and found["cameras"]["W1"]["src"] == 0
    assert found["sensors"]["T1"]["name"] == name


@pytest.fixture
def node(camera: Camera) -> Node:
    """A node that has sent everything: pictures, motion in two areas, light, a temperature and humidity."""
    make_image(camera, width=1920, height=1080)
    for text in ("motion|moving|porch", "motion|still|street", "light|dark|"):
        make_event(camera, f"{camera}|{text}")
    for text in ("Driveway|Temp|21.5 C", "Driveway|humidity|48.4 %", "Driveway|CO2|600 ppm"):
        make_event(text=text)
    camera.rois = {"porch": [[90.4, 80], [10, 20.6]]}
    camera.save()
    return camera.node


def test_the_file_of_a_node_says_what_it_sent(viewer: Client, node: Node) -> None:
    make_camera("Driveway", "Side: left")
    retired = make_camera("Driveway", "Old")
    Camera.objects.filter(pk=retired.pk).update(retired_at="2026-01-01T00:00Z")
    response = viewer.get(reverse("web:node_imagenode", args=[node.pk]), {"download": "1"}, HTTP_HOST="testserver")
    assert response.headers["Content-Disposition"] == 'attachment; filename="imagenode.yaml"'
    found = read(response.content.decode())
    port = environment.current().receiver_address[0].rpartition(":")[2]
    assert found["node"]["name"] == "Driveway" and found["hub_address"]["H1"] == f"tcp://testserver:{port}"
    assert {key: one["viewname"] for key, one in found["cameras"].items()} == {"P1": "Front", "W1": "Side: left"}
    assert found["cameras"]["P1"]["size"] == "(1920, 1080)"
    areas = [(kind, one["roi_name"], one["ROI"]) for kind, one in each(found["cameras"]["P1"]["detectors"])]
    assert areas == [("motion", "porch", "(10,21),(90,80)"), ("motion", "street", "(0,0),(100,100)")]
    assert [one["type"] for one in found["sensors"].values()] == ["DHT22"]
    assert "# It also sent CO2" in response.content.decode()


def test_an_older_imagenode_and_a_usb_camera_are_written_otherwise(viewer: Client, node: Node) -> None:
    choice = {"download": "1", "imagenode": "old", "camera": "usb"}
    found = read(viewer.get(reverse("web:node_imagenode", args=[node.pk]), choice).content.decode())
    assert found["cameras"]["W1"]["resolution"] == "(1920, 1080)"


def test_the_page_shows_the_same_file_to_copy(viewer: Client, node: Node) -> None:
    page = text_of(viewer, reverse("web:node_imagenode", args=[node.pk]))
    assert "viewname: Front" in page and "data-copy" in page and "?download=1" in page


def test_a_camera_that_sent_nothing_else_watches_motion_in_the_whole_picture(viewer: Client, camera: Camera) -> None:
    address = reverse("web:node_imagenode", args=[camera.node_id])
    found = read(viewer.get(address, {"download": "1"}).content.decode())
    assert found["cameras"]["P1"]["detectors"]["motion"]["ROI"] == "(0,0),(100,100)"
    assert "sensors" not in found


ASKED = {
    **{"node": "gate", "view": "Back door", "camera": "pi", "imagenode": "new", "size": "640x480", "unit": "F"},
    **{"detector": "light", "left": "10", "top": "0", "right": "60", "bottom": "100", "area": "porch"},
    **{"sensor": "DS18B20", "gpio": "17"},
}


def test_a_new_camera_gets_its_file_and_nothing_is_stored(viewer: Client) -> None:
    found = read(viewer.get(reverse("web:camera_add"), ASKED | {"download": "1"}).content.decode())
    assert found["node"]["name"] == "gate"
    assert found["cameras"]["P1"]["viewname"] == "Back door" and found["cameras"]["P1"]["size"] == "(640, 480)"
    light = found["cameras"]["P1"]["detectors"]["light"]
    assert (light["ROI"], light["roi_name"], light["log_roi_name"]) == ("(10,0),(60,100)", "porch", True)
    assert found["sensors"]["T1"]["gpio"] == 4, "a DS18B20 works at no other pin"
    assert not Camera.objects.exists() and not Node.objects.exists()


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("node", "two words", "One word"),
        ("view", "a|b", "Without |"),
        ("left", "60", "Right has to be more than left (60)."),
        ("bottom", "101", "less than or equal to 100"),
        ("sensor", "BME280", "BME280 is not one of the available choices"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(viewer: Client, field: str, value: str, said: str) -> None:
    page = text_of(
        viewer, reverse("web:camera_add") + "?" + "&".join(f"{k}={v}" for k, v in (ASKED | {field: value}).items())
    )
    assert said in page and "hub_address:" not in page


def test_a_pi_that_sends_already_has_one_file(viewer: Client, camera: Camera) -> None:
    page = viewer.get(reverse("web:camera_add"), ASKED | {"node": "Driveway"}).content.decode()
    assert "sends already" in page and reverse("web:node_imagenode", args=[camera.node_id]) in page


def test_keys_and_networks_are_named_where_they_matter(
    viewer: Client, node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECEIVER_ADDRESS", "curve://*:5557")
    monkeypatch.setenv("RECEIVER_ALLOW", "192.168.1.0/24")
    environment.current.cache_clear()
    try:
        Node.objects.filter(pk=node.pk).update(ip="10.0.0.7")
        page = text_of(viewer, reverse("web:node_imagenode", args=[node.pk]))
    finally:
        monkeypatch.undo()
        environment.current.cache_clear()
    assert "Port 5557 is encrypted (CURVE) and the only one" in page and ":5557" in page
    assert "192.168.1.0/24" in page and "10.0.0.7, which is not" in page
    assert "listens on this computer only" not in page


def test_who_is_limited_to_some_cameras_sees_none_of_it(log_in: Callable[..., Client], camera: Camera) -> None:
    limited = log_in("dora", only_chosen_cameras=True)
    assert limited.get(reverse("web:camera_add")).status_code == 403
    address = reverse("web:node_imagenode", args=[camera.node_id])
    assert limited.get(address).status_code == 404
    from accounts.models import User

    camera.viewers.add(User.objects.get(username="dora"))
    assert limited.get(address).status_code == 403
