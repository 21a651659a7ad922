from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from accounts.forms import post_office
from accounts.models import User

PASSWORD = "correct horse battery"
STATIC = "django.contrib.staticfiles.storage.StaticFilesStorage"
PHONE = (
    "Mozilla/5.0 (Linux; Android 14; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36"
)
DESK = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"


@pytest.fixture(autouse=True)
def simple(settings: Settings, tmp_path: Path, db: None) -> Iterator[None]:
    """Static files without a manifest, quick passwords, and no memory of the mails of other tests."""
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": STATIC}}
    settings.STATIC_ROOT = tmp_path
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def dora() -> User:
    return User.objects.create_user("dora", "dora@example.org", PASSWORD)


@pytest.fixture
def sign_in() -> Callable[..., Client]:
    """A client that came in by the real page; `password` may be a wrong one, `meta` says from where."""

    def made(name: str = "dora", password: str = PASSWORD, **meta: Any) -> Client:
        client = Client(**meta)
        client.post("/login/", {"username": name, "password": password})
        return client

    return made


def mails_are_sent() -> None:
    """Return once every mail so far is sent: they go out beside the answer."""
    post_office.submit(lambda: None).result(timeout=30)


def signed_in(client: Client) -> bool:
    """Whether the client may see its own account."""
    return client.get("/account/").status_code == 200
