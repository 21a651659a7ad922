"""A service, and cameras that may ask it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import environment
from cameras.models import Camera, Image, PlateMode, PlateSource, RunStatus
from cameras.runs import finish
from cloud import budget
from tests import plate_service
from tests.factories import make_camera, make_image
from tests.plate_service import TOKEN, Service

Ready = Callable[[], Image]
SetMore = Callable[..., environment.Environment]


@pytest.fixture
def service() -> Iterator[Service]:
    """A running server that speaks the protocol."""
    with plate_service.service() as server:
        yield server


@pytest.fixture
def env(service: Service, data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> SetMore:
    """Settings for the service; call it to change more of them."""

    def set_more(**values: object) -> environment.Environment:
        for name, value in values.items():
            monkeypatch.setenv(f"PLATE_RECOGNIZER_{name.upper()}", str(value))
        environment.current.cache_clear()
        return environment.current()

    set_more(url=service.url, token=TOKEN, interval=0, timeout=1)
    return set_more


@pytest.fixture
def camera(db: None, env: object) -> Camera:
    """A camera whose pictures all go to the service."""
    budget.asked()
    return make_camera(plates=PlateMode.ALWAYS, plate_source=PlateSource.CLOUD)


@pytest.fixture
def ready(camera: Camera) -> Ready:
    """Images of the camera that were looked at here."""

    def make() -> Image:
        image = make_image(camera)
        finish(image.detection_run, RunStatus.EMPTY)
        finish(image.recognition_run, RunStatus.SKIPPED)
        return image

    return make
