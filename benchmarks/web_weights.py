"""What pages weigh in a real browser at phone width, as it comes over the wire, compressed where it is."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import imagezmq
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.harness import PICTURES, Installation, eventually, installation, numbered

PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}
THUMBNAILS = 30
SHOWN = 4
FIGURES = ("first_view_kb", "js_kb")
QUIET_MS = 1500
"""So long a page may go on fetching; live pages never stop."""
NO_PAGES = {
    "end_other_sessions",
    "end_session",
    "healthz",
    "logout",
    "metrics",
    "pictures",
    "profile",
    "readyz",
    "theme",
}
ROWS = {"image_id": 1, "camera_id": 1, "node_id": 1, "plate_id": 1, "visit_id": 1, "uidb64": "MQ", "token": "x"}


Weights = dict[str, tuple[float, float]]
"""Of pages by their addresses: everything, and of that scripts, in thousands of bytes."""


def measure(pictures: Path = PICTURES) -> Weights:
    """What every page outside Django's admin weighs."""
    with tempfile.TemporaryDirectory() as folder, installation(Path(folder)) as site:
        send(site, pictures)
        with chromium() as browser, browser.new_context(base_url=site.web, **PHONE) as context:
            sign_in(context.new_page(), site.password)
            return {address: weight(context, address) for address in addresses()}


def send(site: Installation, pictures: Path) -> None:
    """Send pictures of that folder until there is a full page, and wait until all were looked at."""
    files = sorted(pictures.rglob("*.jpg"))
    assert files, f"{pictures} has no pictures"
    with imagezmq.ImageSender(connect_to=site.receiver) as sender:
        for file in islice(cycle(files), THUMBNAILS):
            assert sender.send_jpg("bench Drive|jpg", numbered(file.read_bytes())) == b"OK"
    eventually(lambda: site.looked_at() == THUMBNAILS, 600)


@contextmanager
def chromium() -> Iterator[Browser]:
    """The system's Chromium."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox"] if os.getuid() == 0 else []
        yield playwright.chromium.launch(executable_path=program, args=arguments)


def sign_in(page: Page, password: str) -> None:
    """Sign in as the administrator."""
    page.goto("/login/")
    page.get_by_label("Username").fill("admin")
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/")
    page.close()


def weight(context: BrowserContext, address: str) -> tuple[float, float]:
    """What a page fetches, opened with nothing in the cache, until nothing more comes; and of that scripts."""
    page = context.new_page()
    weights = weigh(page)
    page.goto(address, wait_until="load")
    page.wait_for_timeout(QUIET_MS)
    page.close()
    scripts = sum(one for name, one in weights.items() if ".js" in name)
    return sum(weights.values()) / 1000, scripts / 1000


def figures(weights: Weights) -> dict[str, float]:
    """first_view_kb and js_kb of the heaviest page."""
    return {name: max(one[number] for one in weights.values()) for number, name in enumerate(FIGURES)}


def lines(weights: Weights) -> list[str]:
    """The heaviest pages, as lines."""
    return [
        f"  {name}: {weights[address][number]:.0f} kB {address}"
        for number, name in enumerate(FIGURES)
        for address in sorted(weights, key=lambda one: -weights[one][number])[:SHOWN]
    ]


def weigh(page: Page) -> dict[str, float]:
    """The bytes of every answer that the page gets from now on, headers and compression as they come; no cache."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    addresses: dict[str, str] = {}
    weights: dict[str, float] = {}

    def ended(event: dict[str, Any]) -> None:
        address = addresses.get(event["requestId"], "")
        weights[address] = weights.get(address, 0) + event["encodedDataLength"]

    def begun(event: dict[str, Any]) -> None:
        addresses[event["requestId"]] = event["request"]["url"]

    session.on("Network.requestWillBeSent", begun)
    session.on("Network.loadingFinished", ended)
    return weights


def addresses() -> list[str]:
    """Every page outside the admin that a person can open."""
    from tests.routes import routes

    ours = [route for route in routes() if not route.path.startswith("admin/") and "." not in route.path]
    asked = [route for route in ours if set(route.arguments) <= ROWS.keys()]  # others are forms that are sent
    pages = [route for route in asked if route.name.partition(":")[2] not in NO_PAGES]
    return [one for route in pages for one in route.addresses({name: [value] for name, value in ROWS.items()})]
