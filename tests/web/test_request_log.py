from __future__ import annotations

import logging
from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from cameras.models import Camera
from tests.web.making import make_image


@pytest.fixture
def said(caplog: pytest.LogCaptureFixture) -> Callable[[], list[str]]:
    """The lines of requests, with their level and ids."""
    caplog.set_level(logging.DEBUG, "web.request")

    def lines() -> list[str]:
        return [f"{one.levelname} {one.message}" for one in caplog.records if one.name == "web.request"]

    return lines


def without_time(line: str) -> str:
    before, after = line.split(" ms ")
    return f"{before.rpartition(' ')[0]} {after}"


def test_it_says_who_asked_for_what(viewer: Client, camera: Camera, said: Callable[[], list[str]]) -> None:
    image = make_image(camera)
    viewer.get(f"/images/{image.pk}/", {"token": "geheim"})
    [line] = said()
    user = User.objects.get(username="ben").pk
    assert without_time(line) == f"INFO GET /images/{image.pk}/ 200 user {user}"


def test_a_stranger_has_no_number(client: Client, db: None, said: Callable[[], list[str]]) -> None:
    client.post("/login/?next=/x", {"username": "ben", "password": "geheim"})
    assert without_time(said()[0]) == "INFO POST /login/ 200 user -"


@pytest.mark.parametrize("path", ["/healthz", "/favicon.ico", "/static/web/css/base.css"])
def test_what_nobody_typed_is_a_detail(client: Client, db: None, said: Callable[[], list[str]], path: str) -> None:
    client.get(path)
    assert [line.split()[0] for line in said()] == ["DEBUG"]


def test_the_lines_of_a_request_carry_its_image(viewer: Client, camera: Camera) -> None:
    import logs

    image, other = make_image(camera), make_image(camera)
    seen: list[object] = []

    class Seen(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            logs.AddIds().filter(record)
            seen.append(getattr(record, "image_id", None))

    handler, log = Seen(), logging.getLogger("web.request")
    log.addHandler(handler)
    level = log.level
    log.setLevel(logging.INFO)
    try:
        for address in (f"/images/{image.pk}/", "/", f"/images/{other.pk}/thumbnail.jpg"):
            viewer.get(address)
    finally:
        log.removeHandler(handler)
        log.setLevel(level)
    assert seen == [image.pk, None, other.pk]
