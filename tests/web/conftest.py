from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from accounts.models import User
from cameras.models import Camera
from tests.web.making import make_camera

PLAIN_STATIC = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}


@pytest.fixture(autouse=True)
def own_folders(settings: Settings, tmp_path: Path) -> Path:
    """A data folder of the test's own, and static files without a manifest."""
    settings.STORAGES = PLAIN_STATIC
    settings.DATA_DIR = tmp_path
    settings.TIME_ZONE = "Europe/Berlin"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cache.clear()
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STATIC_ROOT.mkdir()
    return tmp_path


@pytest.fixture
def data_dir(own_folders: Path) -> Path:
    return own_folders


@pytest.fixture
def camera(db: None) -> Camera:
    return make_camera("Driveway", "Front")


@pytest.fixture
def log_in(db: None) -> Callable[..., Client]:
    """Make a user and give a client that is logged in."""

    def made(name: str = "ben", **fields: Any) -> Client:
        client = Client()
        client.force_login(User.objects.create_user(name, password="secret", **fields))
        return client

    return made


@pytest.fixture
def viewer(log_in: Callable[..., Client]) -> Client:
    return log_in()


@pytest.fixture
def limited(log_in: Callable[..., Client], camera: Camera) -> Client:
    """A client whose user may see `camera` only."""
    client = log_in("cleo", only_chosen_cameras=True)
    camera.viewers.add(User.objects.get(username="cleo"))
    return client
