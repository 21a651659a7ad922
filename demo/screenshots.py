"""`python -m demo.screenshots FOLDER`: the pictures of the pages that README shows, as the demo fills them.

Home on a desk, others on a phone, all light and dark: `gallery-phone-dark.webp`. It wants Chromium and the package
playwright, which comes with what the tests need (`make test`, or pip with requirements/test.txt).
"""

from __future__ import annotations

import argparse
import os
import secrets
import shutil
import tempfile
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

from demo.__main__ import isolate

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from environment import Environment

DEVICES: dict[str, dict[str, Any]] = {
    "desk": {"viewport": {"width": 1280, "height": 800}},
    "phone": {
        "viewport": {"width": 390, "height": 844},
        "device_scale_factor": 2,
        "is_mobile": True,
        "has_touch": True,
    },
}
SHOWN = {"desk": ("home",), "phone": ("gallery", "picture", "plates")}
THEMES = ("light", "dark")
PERSON = "anna"
QUALITY = 82
LOADED = "[...document.images].every((one) => one.complete || one.loading === 'lazy')"


def main() -> None:
    """Run the demo in a folder of its own and write the pictures."""
    parser = argparse.ArgumentParser(prog="demo.screenshots", description="Pictures of the pages, as WebP.")
    parser.add_argument("folder", type=Path)
    folder: Path = parser.parse_args().folder
    program = browser_program()
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as data:
        os.environ["DEMO_DATA_DIR"] = data
        isolate()
        import django

        django.setup()
        for name, shot in shots(program):
            write(folder / f"{name}.webp", shot)


def browser_program() -> str:
    """The installed Chromium; ends with a line that says what is missing."""
    try:
        import playwright  # noqa: F401
    except ImportError:
        raise SystemExit(
            "playwright is missing, which only tests and pictures need: pip install -r requirements/test.txt"
        ) from None
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not found:
        raise SystemExit("Chromium is missing: apt-get install chromium")
    return found


def shots(program: str) -> list[tuple[str, bytes]]:
    """The names of all pictures, and the pictures as PNG."""
    from rich.console import Console

    import environment
    from demo import ports
    from demo.fixture import read_fixture
    from demo.show import play_and_report
    from environment import BASE_DIR
    from ingest import liveness
    from ingest.up.session import running

    console = Console(soft_wrap=True, highlight=False)
    env, _ = ports.choose(environment.current())
    with running(env, console):
        if not play_and_report(read_fixture(BASE_DIR / "demo" / "pictures"), env, console):
            raise SystemExit("the demo did not find what it should")
        liveness.update()  # what beat does now and then
        return photograph(program, env, pages(), make_person())


def pages() -> dict[str, str]:
    """The addresses of the pages by the names of their pictures."""
    from cameras.models import Image

    newest = Image.objects.filter(camera__node__name="gate").earliest("received_at")
    return {"home": "/", "gallery": "/gallery/", "picture": f"/images/{newest.pk}/", "plates": "/plates/"}


def make_person() -> str:
    """Make somebody who looks at the pages; the password."""
    from accounts.models import User

    password = secrets.token_urlsafe()
    User.objects.create_user(PERSON, password=password)
    return password


def photograph(program: str, env: Environment, addresses: dict[str, str], password: str) -> list[tuple[str, bytes]]:
    """Every page that is shown, in both themes."""
    from playwright.sync_api import sync_playwright

    host, port = env.web_address
    taken = []
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox"] if os.getuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=program, args=arguments)
        for device, theme in product(DEVICES, THEMES):
            page = signed_in(browser, f"http://{host}:{port}", password, color_scheme=theme, **DEVICES[device])
            for name in SHOWN[device]:
                page.goto(addresses[name], wait_until="networkidle")
                page.wait_for_function(LOADED)
                taken.append((f"{name}-{device}-{theme}", page.screenshot()))
            page.context.close()
        browser.close()
    return taken


def signed_in(browser: Browser, site: str, password: str, **options: Any) -> Page:
    """A page of somebody who has signed in."""
    page = browser.new_context(base_url=site, locale="en-GB", reduced_motion="reduce", **options).new_page()
    page.goto("/login/")
    page.get_by_label("Username").fill(PERSON)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label(f"Your account, {PERSON}").wait_for()
    return page


def write(target: Path, shot: bytes) -> None:
    """Write a PNG as WebP, and say how large it became."""
    import cv2
    import numpy as np

    pixels = cv2.imdecode(np.frombuffer(shot, np.uint8), cv2.IMREAD_COLOR)
    if pixels is None:
        raise RuntimeError(f"{target.stem}: the browser gave no picture")
    cv2.imwrite(str(target), pixels, [cv2.IMWRITE_WEBP_QUALITY, QUALITY])
    print(f"{target} {target.stat().st_size / 1000:.0f} kB", flush=True)


if __name__ == "__main__":
    main()
