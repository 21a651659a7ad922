"""What browsers need to install the site."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from django.test import Client
from PIL import Image

import web

STATIC = Path(web.__file__).parent / "static"


def test_the_manifest_names_icons_of_the_sizes_that_they_have(client: Client) -> None:
    response = client.get("/manifest.webmanifest")
    assert response.headers["Content-Type"] == "application/manifest+json"
    found = json.loads(response.content)
    assert (found["start_url"], found["scope"], found["display"]) == ("/", "/", "standalone")
    wanted = {("192x192", "any"), ("512x512", "any"), ("512x512", "maskable"), ("192x192", "maskable")}
    assert {(one["sizes"], one["purpose"]) for one in found["icons"]} == wanted
    for one in found["icons"]:
        with Image.open(STATIC / one["src"].removeprefix("/static/")) as icon:
            assert f"{icon.width}x{icon.height}" == one["sizes"] and icon.format == "PNG"
            corner = icon.convert("RGBA").getpixel((0, 0))
            assert isinstance(corner, tuple)
            assert (corner[3] == 255) == (one["purpose"] == "maskable"), "maskable icons fill their square"
    with Image.open(STATIC / "web/img/icon-180.png") as touch:
        assert touch.size == (180, 180)


def test_the_service_worker_keeps_no_page_of_anybody(client: Client) -> None:
    response = client.get("/service-worker.js")
    assert response.headers["Content-Type"].startswith("text/javascript")
    assert "no-cache" in response.headers["Cache-Control"]
    match = re.search(r"const \{ offline, kept \} = (\{.*\});", response.content.decode())
    assert match
    files = json.loads(match[1])
    assert files["offline"] == "/offline/" and files["kept"]
    for one in files["kept"]:
        assert (STATIC / one.removeprefix("/static/")).is_file(), one


def test_the_page_for_when_the_server_is_away_needs_only_what_is_kept(client: Client) -> None:
    page, worker = (client.get(one).content.decode() for one in ("/offline/", "/service-worker.js"))
    assert "does not answer" in page and "csrf" not in page
    for address in re.findall(r'(?:href|src)="(/static/[^"]+)"', page):
        assert address in worker


@pytest.mark.parametrize(
    ("host", "secure", "offered"),
    [
        *(("localhost", False, True), ("127.0.0.1:8000", False, True), ("[::1]:8000", False, True)),
        *(("testserver", False, False), ("testserver", True, True)),
    ],
)
def test_installing_is_offered_where_browsers_can(viewer: Client, host: str, secure: bool, offered: bool) -> None:
    page = viewer.get("/account/", HTTP_HOST=host, secure=secure).content.decode()
    for part in ('rel="manifest"', 'rel="apple-touch-icon"', "web/js/install.js", "Add to Home Screen"):
        assert (part in page) == offered, part
    assert ("Browsers install only what comes by https" in page) == (not offered)
