"""Installing the site, and what is shown while the server is away."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.e2e.conftest import STRANGER, Pages, sign_in
from tests.e2e.filling import PASSWORD, VIEWER

KEPT = """async () => {
  const found = [];
  for (const name of await caches.keys()) {
    for (const request of await (await caches.open(name)).keys()) found.push(new URL(request.url).pathname);
  }
  return found;
}"""
ICON = """async ([address]) => {
  const picture = new Image();
  picture.src = address;
  await picture.decode();
  return `${picture.naturalWidth}x${picture.naturalHeight}`;
}"""


def with_worker(page: Page) -> Page:
    """The page once its service worker answers for it."""
    page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    return page


def test_the_browser_takes_the_manifest_and_its_icons(pages: Pages) -> None:
    page = pages("/account/")
    client = page.context.new_cdp_session(page)
    found = client.send("Page.getAppManifest")
    assert found["url"].endswith("/manifest.webmanifest") and not found["errors"]
    with_worker(page)
    problems = client.send("Page.getInstallabilityErrors")["installabilityErrors"]
    assert [one for one in problems if one["errorId"] != "in-incognito"] == []
    icons = page.evaluate("async () => (await (await fetch('/manifest.webmanifest')).json()).icons")
    assert len(icons) == 4
    for icon in icons:
        assert page.evaluate(ICON, [icon["src"]]) == icon["sizes"]
    touch = page.locator('link[rel="apple-touch-icon"]').get_attribute("href")
    assert page.evaluate(ICON, [touch]) == "180x180"
    expect(page.get_by_text("Add to Home Screen")).to_be_visible()


def test_a_page_of_its_own_is_shown_while_the_server_is_away_and_nothing_private_is_kept(pages: Pages) -> None:
    page = with_worker(pages("/gallery/"))
    expect(page.locator("#pictures")).to_be_visible()
    page.goto("/cameras/1/")
    kept = page.evaluate(KEPT)
    assert "/offline/" in kept
    assert all(one == "/offline/" or one.startswith("/static/") for one in kept), kept
    page.context.set_offline(True)
    page.goto("/plates/")
    expect(page.get_by_role("heading", level=1)).to_have_text("librarian does not answer")
    assert page.evaluate("getComputedStyle(document.querySelector('.button')).minHeight") == "44px", (
        "its sheets are kept"
    )
    expect(page).to_have_url(re.compile("/plates/$"))
    page.context.set_offline(False)
    page.get_by_role("link", name="Try again").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Plates")


def test_signing_out_leaves_nothing_behind(pages: Pages) -> None:
    page = pages("/login/", STRANGER)
    sign_in(page, VIEWER, PASSWORD)
    expect(page.get_by_label("Your account")).to_be_visible()
    with_worker(page)
    page.get_by_label("Your account").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(re.compile(r"/login/$"))
    page.goto("/gallery/")
    expect(page).to_have_url(re.compile(r"/login/"))
