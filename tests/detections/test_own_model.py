"""A model that the user brings, with labels of its own, from DETECTOR to the rows and the pages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from django.test import Client
from pytest_django import Settings

import environment
from accounts.models import User
from cameras.models import RunStatus
from detections.detectors.base import DEFAULT_MIN_SCORE
from detections.models import Detection
from detections.services import loaded_detector, run_detection
from tests.backends import graphs
from tests.factories import make_camera, make_image
from tests.web.conftest import PLAIN_STATIC

pytestmark = pytest.mark.django_db
LONGEST = "garden gnome with a fishing rod!"
"""As long as the column of labels has room for."""


@pytest.fixture(autouse=True)
def own_model(data_dir: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Iterator[Path]:
    """A network that sees a gnome on the left and a fox on the right, surest of the gnome."""
    model = graphs.picking_deim(
        data_dir / "garden.onnx",
        np.array([[0.9, 0, 0], [0, 0.8, 0], [0, 0, 0.1]], np.float32),
        np.array([[0, 0, 300, 900], [900, 0, 1200, 900], [0, 0, 9, 9]], np.float32),
    )
    (data_dir / "garden.txt").write_text(f"{LONGEST}\n<b>fox</b>\nVehicle\n")
    settings.STORAGES = PLAIN_STATIC
    settings.STATIC_ROOT = data_dir
    monkeypatch.setenv("DETECTOR", str(model))
    environment.current.cache_clear()
    loaded_detector.cache_clear()
    yield model
    loaded_detector.cache_clear()


def test_its_labels_are_kept_with_its_name_and_version() -> None:
    assert len(LONGEST) == 32
    run = run_detection(make_image().pk)
    run.refresh_from_db()
    assert (run.status, run.model, len(run.version)) == (RunStatus.DONE, "garden.onnx", 12)
    assert {one.label: one.box for one in Detection.objects.all()} == {
        LONGEST: (0, 0, 300, 900),
        "<b>fox</b>": (900, 0, 1200, 900),
    }
    assert min(one.confidence for one in Detection.objects.all()) >= DEFAULT_MIN_SCORE


def test_the_camera_keeps_those_it_is_asked_for() -> None:
    run_detection(make_image(make_camera(labels=[LONGEST])).pk)
    assert [one.label for one in Detection.objects.all()] == [LONGEST]


def test_the_pages_show_and_ask_for_its_labels() -> None:
    client = Client()
    client.force_login(User.objects.create_superuser("admin", password="correct horse battery"))
    image = make_image()
    run_detection(image.pk)
    page = client.get(f"/images/{image.pk}/").content.decode()
    assert LONGEST in page and "&lt;b&gt;fox&lt;/b&gt;" in page and "<b>fox</b>" not in page
    assert LONGEST in client.get("/gallery/").content.decode()
    assert LONGEST in client.get("/gallery/", {"label": LONGEST}).content.decode()
    settings = f"/cameras/{image.camera_id}/settings/"
    form = {
        "labels": f"{LONGEST.upper()}, vehicle",
        "scores": "vehicle 0.6",
        "min_size": "0",
        "max_size": "100",
        "min_score": "0.5",
        "plates": "off",
        "plate_source": "local",
        "display": "on",
        "detect": "on",
    }
    assert client.post(settings, form).status_code == 302
    image.camera.refresh_from_db()
    assert image.camera.labels == [LONGEST, "Vehicle"]
    assert image.camera.scores == {"Vehicle": 0.6}
    refused = client.post(settings, form | {"labels": "car"}).content.decode()
    assert "Not among the 3 objects that the model knows" in refused


def test_labels_that_cannot_be_used_are_said_in_the_form(data_dir: Path) -> None:
    client = Client()
    client.force_login(User.objects.create_superuser("admin", password="correct horse battery"))
    camera = make_camera()
    (data_dir / "garden.txt").write_text("fox\nfox\n")
    page = client.post(
        f"/cameras/{camera.pk}/settings/",
        {"labels": "fox", "min_score": "0.5", "plates": "off", "plate_source": "local"},
    )
    assert "is on line 1 already" in page.content.decode()
