"""What pages weigh in a real browser, as it comes over the wire: the gallery at phone width, and all scripts."""

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
NO_PAGES = {"logout", "theme", "healthz", "readyz", "end_session", "end_other_sessions"}
ROWS = {"image_id": 1, "camera_id": 1, "node_id": 1, "plate_id": 1, "uidb64": "MQ", "token": "x"}


def measure(pictures: Path = PICTURES) -> dict[str, float]:
    """first_view_kb and js_kb, in thousands of bytes."""
    with tempfile.TemporaryDirectory() as folder, installation(Path(folder)) as site:
        send(site, pictures)
        with chromium() as browser, browser.new_context(base_url=site.web, **PHONE) as context:
            sign_in(context.new_page(), site.password)
            return {"first_view_kb": first_view(context), "js_kb": scripts(context)}


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


def first_view(context: BrowserContext) -> float:
    """Bytes of the gallery, opened with nothing in the cache, until nothing more is fetched."""
    page = context.new_page()
    weights = weigh(page)
    page.goto("/gallery/", wait_until="networkidle")
    assert page.locator("#pictures > .card").count() == THUMBNAILS
    shown = [weight for address, weight in weights.items() if address.endswith("thumbnail.jpg")]
    print(f"  {len(weights)} answers, {len(shown)} of them thumbnails of {sum(shown) / 1000:.0f} kB", flush=True)
    page.close()
    return sum(weights.values()) / 1000


def scripts(context: BrowserContext) -> float:
    """Bytes of every script that any page outside Django's admin loads, each once."""
    found: dict[str, float] = {}
    for address in addresses():
        page = context.new_page()
        weights = weigh(page)
        page.goto(address, wait_until="networkidle")
        found |= {one: weight for one, weight in weights.items() if ".js" in one}
        page.close()
    assert found, "no page loads a script"
    for one, weight in sorted(found.items()):
        print(f"  {weight / 1000:.1f} kB {one}", flush=True)
    return sum(found.values()) / 1000


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
    pages = [route for route in ours if route.name.partition(":")[2] not in NO_PAGES]
    return [one for route in pages for one in route.addresses({name: [value] for name, value in ROWS.items()})]
