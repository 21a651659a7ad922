"""What a person says of a camera that does not send yet."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator

from web.imagenode.plan import CameraPlan, Detector, NodePlan, SensorPlan

VERSIONS = [("new", "Of 2025 or later"), ("old", "Older")]
SIZES = [(640, 480), (1024, 768), (1280, 720), (1280, 960), (1920, 1080)]
SENSORS = [
    ("", "None"),
    ("DS18B20", "DS18B20: temperature"),
    ("DHT22", "DHT22: temperature and humidity"),
    ("DHT11", "DHT11: temperature and humidity"),
]
EDGES = ("left", "top", "right", "bottom")


def percent(label: str, initial: int) -> forms.IntegerField:
    """An edge of the area."""
    limits = [MinValueValidator(0), MaxValueValidator(100)]
    widget = forms.NumberInput(attrs={"min": 0, "max": 100, "inputmode": "numeric"})
    return forms.IntegerField(label=label, initial=initial, validators=limits, widget=widget)


class WayForm(forms.Form):
    """What a Pi cannot tell over the wire."""

    camera = forms.ChoiceField(
        label="Camera", choices=[("pi", "The Pi’s own camera"), ("usb", "USB camera")], initial="pi"
    )
    imagenode = forms.ChoiceField(
        label="imagenode",
        choices=VERSIONS,
        initial="new",
        help_text="A Pi’s own camera needs the new one on Bookworm and later, the older one before.",
    )


class AddForm(WayForm):
    """A new camera; nothing of it is stored: it appears with its first message."""

    node = forms.CharField(
        label="Name of the Pi",
        max_length=64,
        validators=[RegexValidator(r"^[^\s|]+$", "One word, without blanks and without |.")],
        help_text="One word, such as gate. With the view it names the camera: gate Driveway.",
    )
    view = forms.CharField(
        label="What the camera sees",
        max_length=128,
        validators=[RegexValidator(r"^[^|]+$", "Without |.")],
        help_text="Such as Driveway.",
    )
    size = forms.ChoiceField(
        label="Size of pictures",
        choices=[(f"{x}x{y}", f"{x} × {y}") for x, y in SIZES],
        initial="1280x960",
        help_text="Number plates need about 100 pixels across.",
    )
    detector = forms.ChoiceField(
        label="Sends pictures when",
        choices=[("motion", "something moves"), ("light", "light goes on or off")],
        initial="motion",
    )
    left, top = percent("Left", 0), percent("Top", 0)
    right, bottom = percent("Right", 100), percent("Bottom", 100)
    area = forms.CharField(
        label="Name of the area",
        max_length=64,
        required=False,
        validators=[RegexValidator(r"^[^|:]+$", "Without | and without a colon.")],
        help_text="Events name it, and the gallery finds pictures by it. Not needed for the whole picture.",
    )
    sensor = forms.ChoiceField(label="Sensor", choices=SENSORS, required=False)
    gpio = forms.IntegerField(
        label="GPIO pin of the sensor",
        initial=4,
        required=False,
        validators=[MinValueValidator(0), MaxValueValidator(27)],
        help_text="A DS18B20 works at pin 4 only.",
    )
    unit = forms.ChoiceField(label="Unit", choices=[("C", "°C"), ("F", "°F")], initial="C", required=False)

    def clean(self) -> dict[str, Any]:
        """An area has to be of some size."""
        sent: dict[str, Any] = super().clean() or self.cleaned_data
        for low, high in (("left", "right"), ("top", "bottom")):
            if low in sent and high in sent and sent[low] >= sent[high]:
                self.add_error(high, ValidationError(f"{high.title()} has to be more than {low} ({sent[low]})."))
        return sent

    def plan(self, hub: str, notes: tuple[str, ...]) -> NodePlan:
        """The node with this one camera; of a form that is valid."""
        sent = self.cleaned_data
        corners = sent["left"], sent["top"], sent["right"], sent["bottom"]
        width, height = map(int, sent["size"].split("x"))
        detector = Detector(sent["detector"], corners, sent["area"])
        camera = CameraPlan(sent["view"], (width, height), sent["camera"] == "usb", (detector,))
        return NodePlan(sent["node"], hub, (camera,), self.sensors(), sent["imagenode"] == "old", notes)

    def sensors(self) -> tuple[SensorPlan, ...]:
        """The sensor, if there is one."""
        sent = self.cleaned_data
        if not sent["sensor"]:
            return ()
        pin = 4 if sent["sensor"] == "DS18B20" or sent["gpio"] is None else sent["gpio"]
        return (SensorPlan(sent["sensor"], pin, sent["unit"] or "C"),)
