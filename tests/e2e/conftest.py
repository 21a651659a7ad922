"""A real site with the demo's traffic, and a real browser; both live as long as the tests of this folder."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, StorageState, expect, sync_playwright

from demo.fixture import read_fixture
from demo.traffic import play
from ingest.up.broker import free_port
from tests.e2e.filling import PASSWORD, VIEWER
from tests.e2e.watching import Watch
from tests.harness import PICTURES, Installation, eventually, installation, manage, private_env
from tests.isolation import DATA_DIR

Options = dict[str, Any]
PHONE: Options = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
    "device_scale_factor": 2,
}
DESK: Options = {"viewport": {"width": 1280, "height": 800}}
STRANGER, ADMIN = "", "admin"


@dataclass(frozen=True, slots=True)
class Pages:
    """Opens pages of the site as one of its people, each in a browser of their own."""

    site: Installation
    open: Callable[..., Page]

    def __call__(self, path: str, person: str = VIEWER, **options: Any) -> Page:
        """The page at a path of the site; `options` are those of Playwright's contexts, such as `PHONE`."""
        page = self.open(person, **(DESK | options))
        page.goto(path)
        return page


@contextmanager
def demo_site(folder: Path) -> Iterator[Installation]:
    """Everything running, and all pictures of the demo sent and looked at."""
    (folder / "models").symlink_to(DATA_DIR / "models")
    live = {"RECEIVER_LIVE_ADDRESS": f"tcp://127.0.0.1:{free_port()}", "RECEIVER_LIVE_KEEP_SECONDS": "0"}
    with installation(folder, private_env(folder) | live) as found:
        fixture = read_fixture(PICTURES)
        assert list(play(found.receiver, fixture))
        eventually(lambda: found.looked_at() == fixture.images, 240)
        yield found


@pytest.fixture(scope="package")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A site with the demo's pictures, and people and past days as `filling` says. Tests leave it as they find it."""
    with demo_site(tmp_path_factory.mktemp("site")) as found:
        filled = manage(found.env, "shell", "-c", "from tests.e2e.filling import fill; fill()")
        assert filled.returncode == 0, filled.stderr
        yield found


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """The system's Chromium."""
    names = ("chromium", "chromium-browser", "google-chrome")
    program = next(filter(None, map(shutil.which, names)), None)
    assert program, "tests/install.sh installs Chromium"
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox"] if os.getuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=program, args=arguments)
        yield browser
        browser.close()


States = Callable[[str], StorageState | None]


@pytest.fixture(scope="package")
def states(browser: Browser, site: Installation) -> States:
    """The cookies of a person who has signed in, once for all tests."""
    return signed_in(browser, site)


@pytest.fixture
def pages(browser: Browser, site: Installation, states: States) -> Iterator[Pages]:
    """Opens pages, and fails the test at its end when the browser complained of anything."""
    with watched(browser, site, states) as found:
        yield found


def signed_in(browser: Browser, site: Installation) -> States:
    """The cookies of the people of a site, each of whom signs in once."""
    known: dict[str, StorageState] = {}

    def state(person: str) -> StorageState | None:
        if person and person not in known:
            with browser.new_context(base_url=site.web) as context:
                page = context.new_page()
                sign_in(page, person, site.password if person == ADMIN else PASSWORD)
                expect(page.get_by_label(f"Your account, {person}")).to_be_visible()
                known[person] = context.storage_state()
        return known.get(person)

    return state


@contextmanager
def watched(browser: Browser, site: Installation, states: States) -> Iterator[Pages]:
    """Opens pages of a site, and fails at the end when the browser complained of anything."""
    contexts: list[BrowserContext] = []
    watches: list[Watch] = []

    def opened(person: str, **options: Any) -> Page:
        contexts.append(browser.new_context(base_url=site.web, storage_state=states(person), **options))
        watches.append(Watch(contexts[-1]))
        return contexts[-1].new_page()

    yield Pages(site, opened)
    for context in contexts:
        context.close()
    complaints = [complaint for watch in watches for complaint in watch.complaints]
    assert not complaints, "\n".join(complaints)


def sign_in(page: Page, name: str, password: str) -> None:
    """Go through the login page, which need not succeed."""
    page.goto("/login/")
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
